import { readdirSync, readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { paginateGetExecutionHistory } from '@aws-sdk/client-sfn';
import { parse, stringify } from 'yaml';
import { sfn } from '../../../lib/adapters/aws/clients.ts';
import { endOf, startDrill } from '../../../lib/adapters/aws/executions.ts';
import { receipts } from '../../../lib/adapters/aws/wiring/records.ts';
import { deployedFunctions, deployPlan, deployResources } from '../../../lib/cli/deployment.ts';
import { ARNS, useSandbox } from '../../../lib/cli/settings.ts';
import type { Recording } from '../../../lib/cost/drill-cost.ts';
import { added, type Usage } from '../../../lib/cost/usage.ts';
import { type Plan, parsePlan } from '../../../lib/drill/plan/plan.ts';
import type { DrillRecord } from '../../../lib/drill/record.ts';
import type { Receipt } from '../../../lib/drill/seal.ts';
import { deployShop } from '../../../sandbox/shop/infrastructure.ts';
import { startSandbox } from '../../../sandbox/start.ts';
import { type MeteredCall, meterCalls } from './metered-calls.ts';

/** A probe as often as a plan has them that does not say so, and a quiet period that is long enough to count in. */
const CHANGES = { smokeIntervalMs: 1_000, steadyState: '15s', stabilise: '4m' };
const LIMIT_MS = 8 * 60_000;

/** Runs one drill of the example plan in a sandbox of its own, and counts everything that AWS would charge for. */
export async function recordDrill(directory: string, code: string): Promise<Recording> {
  let gatewayUrl = '';
  const metered = await meterCalls(() => gatewayUrl);
  const sandbox = await startSandbox({
    directory: join(directory, 'sandbox'),
    functions: (aws) => {
      gatewayUrl = aws.AWS_ENDPOINT_URL ?? '';
      return deployedFunctions(code, aws).map((each) => throughMeter(each, gatewayUrl, metered.url));
    },
    minuteMs: 2_000,
    shoppersPerSecond: 10,
  });
  try {
    useSandbox(sandbox.environment);
    await deployResources();
    sandbox.resumeTasks();
    await deployShop({ ...sandbox, circuitBreaker: true });
    sandbox.resume();
    const plan = await recordedPlan(sandbox.planVariables);
    await deployPlan(code, plan);
    const receipt = await drilled(plan);
    const logs = join(directory, 'sandbox/logs/functions');
    return await recordingOf(plan, receipt, metered.calls, logs);
  } finally {
    await sandbox.close();
    await metered.close();
  }
}

/** Its clients call the meter, and say whose they are. */
function throughMeter(
  deployed: ReturnType<typeof deployedFunctions>[number],
  gatewayUrl: string,
  meterUrl: string,
): ReturnType<typeof deployedFunctions>[number] {
  const variables = Object.entries(deployed.environment);
  const environment = Object.fromEntries(
    variables.map(([key, value]) => [key, value.replaceAll(gatewayUrl, meterUrl)]),
  );
  return { ...deployed, environment: { ...environment, AWS_SDK_UA_APP_ID: deployed.name } };
}

async function recordedPlan(variables: Readonly<Record<string, string>>): Promise<Plan> {
  const text = await readFile(new URL('../../../plans/shop-ecs.yaml', import.meta.url), 'utf8');
  const example = parse(text) as {
    smoke: object;
    steadyState: object;
    triggers: readonly { name: string }[];
  };
  const plan = {
    ...example,
    smoke: { ...example.smoke, interval: `${CHANGES.smokeIntervalMs}ms` },
    steadyState: { ...example.steadyState, for: CHANGES.steadyState },
    // Its window needs more probes than there are before another trigger fires.
    triggers: example.triggers.filter(({ name }) => name !== 'too-slow'),
    stabilise: CHANGES.stabilise,
    stopConditions: { maximumBadFor: '40s' },
    knownBad: { default: 'checkout-5xx', releases: { 'checkout-5xx': CHECKOUT } },
  };
  const parsed = parsePlan(stringify(plan), { environment: variables });
  if (parsed.kind === 'plan') return parsed.plan;
  throw new Error(parsed.errors.map(({ place, message }) => `${place}: ${message}`).join('; '));
}

const CHECKOUT = {
  container: 'shop',
  image: '000000000000.dkr.ecr.us-east-1.amazonaws.com/shop:checkout-5xx',
};

const DRILL_ID = 'shop-ecs-recorded';

async function drilled({ name }: Plan): Promise<Receipt> {
  const executions = sfn();
  const request = { plan: name, startedBy: 'the recording' };
  const arn = await startDrill(executions, ARNS.drillMachine, DRILL_ID, request);
  const witness = ARNS.witnessMachine.replace(':stateMachine:', ':execution:');
  const deadline = Date.now() + LIMIT_MS;
  while (!(await endOf(executions, arn)) || !(await endOf(executions, `${witness}:${DRILL_ID}-witness`))) {
    if (Date.now() > deadline) throw new Error(`the drill was not over after ${LIMIT_MS} ms`);
    await sleep(500);
  }
  const record = await receipts().find(DRILL_ID);
  if (record && 'marks' in record && record.outcome === 'passed') return record;
  throw new Error(
    `the drill is no measure: ${record?.outcome}, ${(record as DrillRecord | undefined)?.reasons.join('; ')}`,
  );
}

async function recordingOf(
  plan: Plan,
  receipt: Receipt,
  calls: readonly MeteredCall[],
  logs: string,
): Promise<Recording> {
  const watched = calls.filter(({ by }) => by === 'Witness');
  const from = Math.min(...watched.map(({ at }) => at));
  const quietFrom = Date.parse(receipt.steps.find(({ name }) => name === 'Stabilise')?.startedAt ?? '');
  const quietUntil = Date.parse(receipt.marks.allClear.at ?? '');
  const between = (start: number, end: number): Usage =>
    added(...watched.filter(({ at }) => at >= start && at < end).map(({ usage }) => usage));
  const others = calls.filter(({ by }) => by !== 'Witness').map(({ usage }) => usage);
  const runs = functionRuns(logs);
  const history = await historyOf(
    ARNS.drillMachine.replace(':stateMachine:', ':execution:').concat(`:${DRILL_ID}`),
  );
  return {
    recordedOn: new Date().toISOString().slice(0, 10),
    plan: plan.name,
    probeIntervalMs: plan.smoke.intervalMs,
    seconds: { active: seconds(quietFrom - from), quiet: seconds(quietUntil - quietFrom) },
    functions: Object.fromEntries(Object.entries(runs).filter(([name]) => name !== 'Witness')),
    once: added(...others, between(quietUntil, Number.POSITIVE_INFINITY), {
      transitions: history.transitions,
      logBytes: history.bytes + logBytes(logs),
      // The one that starts a drill; the deadline's is disarmed before it fires.
      schedules: 1,
      traces: 1,
      metricHours: METRICS_OF_A_DRILL,
    }),
    witness: { active: between(from, quietFrom), quiet: between(quietFrom, quietUntil) },
  };
}

/** In the hour in which it is sealed. */
const METRICS_OF_A_DRILL = 2;

/** What Lambda bills is the duration and, since August 2025, the loading. */
function functionRuns(logs: string): Record<string, { invocations: number; billedMs: number }> {
  const runs: Record<string, { invocations: number; billedMs: number }> = {};
  for (const file of ours(logs)) {
    const reports = readFileSync(join(logs, file), 'utf8').match(/^REPORT .*$/gm) ?? [];
    if (reports.length === 0) continue;
    const billed = reports.map(
      (line) => ms(line, /\tDuration: ([\d.]+)/) + ms(line, /Init Duration: ([\d.]+)/),
    );
    const billedMs = Math.ceil(billed.reduce((sum, each) => sum + each, 0));
    runs[file.replace(/\.log$/, '')] = { invocations: reports.length, billedMs };
  }
  return runs;
}

function ms(line: string, pattern: RegExp): number {
  return Math.ceil(Number(pattern.exec(line)?.[1] ?? 0));
}

function logBytes(logs: string): number {
  return ours(logs).reduce((sum, file) => sum + statSync(join(logs, file)).size, 0);
}

/** The shop's own functions are not the product's. */
function ours(logs: string): readonly string[] {
  return readdirSync(logs).filter((file) => file.endsWith('.log') && !file.startsWith('shop-'));
}

/** State transitions, retries included, and what logs of every event without its data hold. */
async function historyOf(executionArn: string): Promise<{ transitions: number; bytes: number }> {
  const history = { transitions: 0, bytes: 0 };
  for await (const { events = [] } of paginateGetExecutionHistory({ client: sfn() }, { executionArn })) {
    for (const { id, previousEventId, timestamp, type } of events) {
      if (type?.endsWith('StateEntered') || type === 'TaskFailed' || type === 'TaskTimedOut')
        history.transitions += 1;
      history.bytes += JSON.stringify({
        id,
        previousEventId,
        timestamp,
        type,
        executionArn,
        details: '{}',
      }).length;
    }
  }
  return history;
}

function seconds(milliseconds: number): number {
  return Number((milliseconds / 1_000).toFixed(1));
}
