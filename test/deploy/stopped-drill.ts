import assert from 'node:assert/strict';
import {
  CreateScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  type SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { ListExecutionsCommand, type SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { Receipt } from '../../lib/drill/seal.ts';
import { until } from './command.ts';
import type { Deployed } from './deployed.ts';
import { archivedReceipts } from './drill.ts';
import { check } from './proof.ts';
import { isRestored, knownBadMet } from './shop.ts';
import type { Outputs } from './stack.ts';

const STARTED_WITHIN_MS = 60_000;
const SEALED_WITHIN_MS = 120_000;
const SOON_MS = 2_000;

/** The plan's schedule starts a drill; somebody stops its execution while users meet the bad release. */
export async function proveScheduledAndStoppedDrill({ aws, outputs, sandbox }: Deployed): Promise<void> {
  const { scheduler, sfn } = aws;
  const before = await executions(sfn, outputs);
  const startedAt = Date.now();
  await dueSoon(scheduler, /Schedule-?shop/);
  const executionArn = await startedSince(sfn, outputs, before);
  await check('the schedule of the plan starts one drill', async () => {
    assert.equal((await executions(sfn, outputs)).length, before.length + 1);
  });
  await knownBadMet(sandbox, startedAt);
  await sfn.send(new StopExecutionCommand({ executionArn }));
  await dueSoon(scheduler, /^rollback-drill-/);
  const receipt = await sealedOf(aws.s3, outputs, executionArn.split(':').at(-1) ?? '');
  await check('a drill that somebody stops is restored when its one-time schedule is due', async () => {
    assert.deepEqual(
      [receipt.outcome, receipt.startedBy],
      ['rescued', 'schedule'],
      receipt.reasons.join('; '),
    );
    await isRestored(sandbox, receipt);
  });
}

/**
 * The same again, but soon: MiniStack does not look anew at the time of a schedule that was changed, nor does it put the time
 * into what a schedule sends, as AWS does.
 */
async function dueSoon(scheduler: SchedulerClient, named: RegExp): Promise<void> {
  const { Schedules = [] } = await scheduler.send(new ListSchedulesCommand({}));
  const found = Schedules.filter(({ Name = '' }) => named.test(Name));
  assert.equal(
    found.length,
    1,
    `${found.length} of ${Schedules.map(({ Name }) => Name).join(', ')} are named ${named}`,
  );
  const { Name, GroupName } = found[0] ?? {};
  const { Target, FlexibleTimeWindow } = await scheduler.send(new GetScheduleCommand({ Name, GroupName }));
  const at = new Date(Date.now() + SOON_MS).toISOString().slice(0, 19);
  const Input = Target?.Input?.replaceAll('<aws.scheduler.scheduled-time>', `${at}Z`);
  const soon = { Name: `soon-${Name}`, ScheduleExpression: `at(${at})` };
  const sent = Target && { ...Target, Input };
  await scheduler.send(new CreateScheduleCommand({ ...soon, GroupName, FlexibleTimeWindow, Target: sent }));
}

async function executions(sfn: SFNClient, { StateMachineArn }: Outputs): Promise<readonly string[]> {
  const listed = await sfn.send(new ListExecutionsCommand({ stateMachineArn: StateMachineArn }));
  return (listed.executions ?? []).map(({ executionArn = '' }) => executionArn);
}

function startedSince(sfn: SFNClient, outputs: Outputs, before: readonly string[]): Promise<string> {
  return until('a drill that the schedule starts', STARTED_WITHIN_MS, async () =>
    (await executions(sfn, outputs)).find((arn) => !before.includes(arn)),
  );
}

function sealedOf(s3: Deployed['aws']['s3'], outputs: Outputs, drillId: string): Promise<Receipt> {
  return until('the receipt of the stopped drill', SEALED_WITHIN_MS, async () =>
    (await archivedReceipts(s3, outputs)).find(({ id }) => id === drillId),
  );
}
