import type { Case } from '../cases.ts';
import type { Broken, Found } from '../invariants.ts';
import { chance, files, time, use, useEnvironment } from '../process/start.ts';

/** What one case came to. */
export interface Row {
  readonly scenario: string;
  readonly what: string;
  readonly fault: string;
  readonly outcome: string;
  /** When what was marked happened, by the name of the mark; none without a receipt. */
  readonly marks: Readonly<Record<string, string | null>>;
  readonly hit: boolean;
  readonly broken: readonly Broken[];
  readonly tookMs: number;
}

const { environmentFor } = await import('../../../sandbox/stores.ts');
const { ARNS, productEnvironment } = await import('../../../lib/cli/settings.ts');
const { WARM_FUNCTIONS } = await import('../../../lib/infra/functions.ts');
const { sweptPlans } = await import('../plan.ts');
const { loadHandlers } = await import('../aws/functions.ts');
const { account } = await import('../account.ts');
const { drill } = await import('../drill.ts');
const { mutantNamed } = await import('../mutants.ts');
const { brokenIn, found } = await import('../invariants.ts');
const { SCENARIOS } = await import('../scenarios.ts');

useEnvironment(
  {
    ...environmentFor('http://127.0.0.1:1'),
    ...productEnvironment(),
    WARM_FUNCTION_ARNS: WARM_FUNCTIONS.map(ARNS.function).join(','),
  },
  process.argv[2] ?? '',
  sweptPlans(),
);
console.log = () => {};
console.warn = () => {};
const machinery = {
  time,
  chance,
  files,
  use,
  handlers: await loadHandlers(),
  account: account(),
  deploying: [],
};

export async function record(scenario: string) {
  const aftermath = await drill(machinery, scenarioNamed(scenario), []);
  const { calls, events, entered, invocations } = aftermath;
  return {
    row: rowOf({ scenario, what: 'nothing', fault: 'none' }, aftermath),
    calls,
    events,
    entered: [...entered],
    invocations,
  };
}

export async function run(one: Case): Promise<Row> {
  return rowOf(
    one,
    await drill(machinery, scenarioNamed(one.scenario), one.accidents, mutantNamed(one.mutant)),
  );
}

function rowOf(
  { scenario, what, fault }: Pick<Case, 'scenario' | 'what' | 'fault'>,
  aftermath: Awaited<ReturnType<typeof drill>>,
): Row {
  const all = found(aftermath);
  const outcome = all.sealed?.outcome ?? (all.journal.length === 0 ? 'no drill' : 'not sealed');
  const broken = brokenIn(all);
  return {
    scenario,
    what,
    fault,
    outcome,
    marks: marksIn(all),
    hit: all.hits > 0,
    broken,
    tookMs: all.tookMs,
  };
}

function marksIn({ sealed }: Found): Row['marks'] {
  if (!sealed || !('marks' in sealed)) return {};
  return Object.fromEntries(Object.entries(sealed.marks).map(([name, { at }]) => [name, at]));
}

function scenarioNamed(name: string) {
  const scenario = SCENARIOS.find((one) => one.name === name);
  if (!scenario) throw new Error(`there is no scenario '${name}'`);
  return scenario;
}

process.on('message', async ({ id, ask, given }: { id: number; ask: 'record' | 'run'; given: never }) => {
  const answer = ask === 'record' ? await record(given) : await run(given);
  process.send?.({ id, answer });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ id: 0, answer: 'ready' });
