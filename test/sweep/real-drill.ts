import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { sfn } from '../../lib/adapters/aws/clients.ts';
import { startDrill } from '../../lib/adapters/aws/executions.ts';
import { receipts } from '../../lib/adapters/aws/wiring/records.ts';
import { ARNS } from '../../lib/cli/settings.ts';
import type { DrillRecord } from '../../lib/drill/record.ts';
import type { Receipt } from '../../lib/drill/seal.ts';
import type { RealCase } from './real-case.ts';
import type { RealSandbox } from './real-sandbox.ts';

const LOOK_EVERY_MS = 40;
/** A drill with the longest wait of a client and a watchdog that waits for a call in flight is over well before. */
const LIMIT_MS = 90_000;

/** Runs one drill to its record; `undefined` when there is none in time. */
export async function realDrill(
  { faults, plan }: RealSandbox,
  drillId: string,
  each: RealCase,
): Promise<Receipt | DrillRecord | undefined> {
  const executions = sfn();
  if (each.kind === 'call') faults.inject(ruleOf(each));
  const request = { plan: plan.name, startedBy: 'the sweep' };
  const executionArn = await startDrill(executions, ARNS.drillMachine, drillId, request);
  if (each.kind === 'stopped') await stopAt(executionArn, each.state);
  await within(LIMIT_MS, () => isOver(executionArn));
  const sealed = receipts();
  // The call that was to fail has been made by now, and the looks from here are our own.
  faults.clear();
  return within(LIMIT_MS, () => sealed.find(drillId));

  async function stopAt(arn: string, state: string): Promise<void> {
    await within(LIMIT_MS, async () => (await isOver(arn)) || (await statesOf(arn)).includes(state));
    await executions.send(new StopExecutionCommand({ executionArn: arn, cause: 'a person stopped it' }));
  }

  async function isOver(arn: string): Promise<boolean> {
    const { status } = await executions.send(new DescribeExecutionCommand({ executionArn: arn }));
    return status !== 'RUNNING';
  }
}

/** Task states that the execution has entered. */
export async function statesOf(executionArn: string): Promise<readonly string[]> {
  const { events = [] } = await sfn().send(
    new GetExecutionHistoryCommand({ executionArn, maxResults: 1_000 }),
  );
  return events.flatMap(({ type, stateEnteredEventDetails }) =>
    type === 'TaskStateEntered' && stateEnteredEventDetails?.name ? [stateEnteredEventDetails.name] : [],
  );
}

/** The drill is started by a call of the same kind, which is not meant. */
function ruleOf({ operation, nth, fault }: RealCase & { readonly kind: 'call' }): string {
  return `${operation}#${operation === 'states.StartExecution' ? nth + 1 : nth}:${fault}`;
}

export async function within<T>(limitMs: number, look: () => Promise<T>): Promise<T | undefined> {
  const deadline = Date.now() + limitMs;
  while (Date.now() < deadline) {
    const found = await look();
    if (found) return found;
    await sleep(LOOK_EVERY_MS);
  }
  return undefined;
}
