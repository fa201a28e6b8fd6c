import { sfn } from '../adapters/aws/clients.ts';
import { startDrill } from '../adapters/aws/executions.ts';
import { drillList } from '../adapters/aws/listing.ts';
import { drillIdAt } from '../drill/drill-id.ts';
import { EXIT_CODES } from '../drill/outcome.ts';
import { type Plan, parsePlan } from '../drill/plan/plan.ts';
import type { DrillRecord } from '../drill/record.ts';
import type { Receipt } from '../drill/seal.ts';
import { json as inert } from '../report/json.ts';
import { type CliArguments, type CliContext, type Command, UsageError } from './command.ts';
import { API, apiUrl, deployedApi } from './deployed-api.ts';
import { deployPlan } from './deployment.ts';
import { follow } from './follow.ts';
import { AS, callerOf, nameOf } from './identity.ts';
import { MOST_PLAN_BYTES, readInput } from './input-file.ts';
import { abortOnSignal } from './interrupt.ts';
import { functionsDirectory, type LocalSandbox, localSandbox, prepareTarget } from './local.ts';
import { finishLeftDrills } from './recovery.ts';
import { runDeployed } from './run-deployed.ts';
import { ARNS } from './settings.ts';
import { summary } from './summary.ts';
import { timeline } from './timeline.ts';

export const run: Command = {
  name: 'run',
  usage: '[plan.yaml] [--known-bad RELEASE] [--fault NAME or RULE]… [--as NAME] [--aws [--api URL]] [--json]',
  summary:
    'One drill, from the known-bad release to the receipt. Without a plan: plans/shop-ecs.yaml. A signal aborts it: the target is restored first.',
  options: {
    json: { type: 'boolean' },
    'known-bad': { type: 'string' },
    fault: { type: 'string', multiple: true },
    aws: { type: 'boolean' },
    ...API,
    ...AS,
  },
  async run(context, { positionals, values }) {
    const file = onePlan(positionals);
    const knownBad = values['known-bad'] as string | undefined;
    const read = await planFrom(context, file, knownBad, {});
    if (values.aws) return onAws(context, { positionals, values }, read);
    if (values.api !== undefined)
      throw new UsageError('--api goes with --aws: without it the drill is in the sandbox.');
    const sandbox = await localSandbox(context, (values.fault as string[] | undefined) ?? []);
    try {
      await finishLeft(context, sandbox.left);
      const plan = await planFrom(context, file, knownBad, sandbox.planVariables);
      await prepareTarget(sandbox, plan);
      const startedBy = nameOf(await callerOf(context, { values }));
      return await drill(context, sandbox, plan, { knownBad, startedBy, json: values.json === true });
    } finally {
      await sandbox.close();
    }
  },
};

/** The deployed stack has plans of its own, and nobody's faults. */
async function onAws(
  context: CliContext,
  { positionals, values }: CliArguments,
  plan: Plan,
): Promise<number> {
  if (positionals.length === 0)
    throw new UsageError('Which plan? --aws drills a real service: name the file of a deployed plan.');
  for (const option of ['fault', 'as'] as const)
    if (values[option] !== undefined)
      throw new UsageError(`--${option} is for the sandbox, and never goes with --aws.`);
  const knownBad = values['known-bad'] as string | undefined;
  const api = deployedApi(await apiUrl(context, values));
  return runDeployed(context, api, { plan, knownBad, json: values.json === true });
}

/** Drills whose median the summary tells. */
const RECENT_DRILLS = 20;

interface Options {
  readonly knownBad: string | undefined;
  readonly startedBy: string;
  readonly json: boolean;
}

async function drill(
  context: CliContext,
  sandbox: LocalSandbox,
  plan: Plan,
  { knownBad, startedBy, json }: Options,
): Promise<number> {
  await deployPlan(functionsDirectory(sandbox.directory), plan);
  const drillId = drillIdAt(plan.name, Date.now());
  const progress = timeline(json ? context.err : context.out, Date.now());
  const request = { plan: plan.name, startedBy, ...(knownBad ? { knownBad } : {}) };
  const stopListening = abortOnSignal(context, drillId, startedBy);
  const record = await startDrill(sfn(), ARNS.drillMachine, drillId, request)
    .then((executionArn) => follow(drillId, executionArn, progress))
    .finally(() => {
      progress.end();
      stopListening();
    });
  context.out.write(json ? inert(record) : `${await told(context, record)}\n`);
  return EXIT_CODES[record.outcome];
}

async function told({ out }: CliContext, record: Receipt | DrillRecord): Promise<string> {
  const recent = await drillList().newest({ target: record.target, limit: RECENT_DRILLS });
  const calls = recent.flatMap(({ triggerToCallMs }) => (triggerToCallMs === null ? [] : [triggerToCallMs]));
  return summary(record, out, calls);
}

/** A drill that was interrupted is finished before anything new is broken. */
async function finishLeft({ err }: CliContext, left: readonly string[]): Promise<void> {
  for (const record of await finishLeftDrills(left, 'the sandbox was started again')) {
    err.write(`Finished what was left of drill ${record.id}: ${record.outcome}.\n`);
  }
}

function onePlan(positionals: readonly string[]): string {
  if (positionals.length > 1)
    throw new UsageError(`One plan at a time, received ${positionals.length}: ${positionals.join(', ')}.`);
  return positionals[0] ?? 'plans/shop-ecs.yaml';
}

async function planFrom(
  { environment }: CliContext,
  file: string,
  knownBad: string | undefined,
  more: Readonly<Record<string, string>>,
): Promise<Plan> {
  const input = await readInput(file, MOST_PLAN_BYTES);
  if (input.kind === 'unreadable')
    throw new UsageError(
      `${file} cannot be read: ${input.reason}. Name a plan file, for example plans/shop-ecs.yaml.`,
    );
  const parsed = parsePlan(input.text, { environment: { ...environment, ...more } });
  if (parsed.kind === 'invalid')
    throw new UsageError(
      parsed.errors.map(({ place, message }) => `${file}: ${place}: ${message}`).join('\n'),
    );
  const releases = Object.keys(parsed.plan.knownBad.releases);
  if (knownBad !== undefined && !releases.includes(knownBad)) {
    throw new UsageError(
      `${file}: --known-bad: received '${knownBad}'; the plan's known-bad releases are ${releases.join(', ')}.`,
    );
  }
  return parsed.plan;
}
