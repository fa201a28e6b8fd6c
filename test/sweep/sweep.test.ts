import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DRILL, WITNESS } from '../statemachines/definitions.ts';
import { EVENT_FAULTS } from './accidents.ts';
import { keyOf } from './calls.ts';
import type { Case } from './cases.ts';
import type { MutantName } from './mutants.ts';
import { type Sweep, startSweep } from './sweep.ts';
import { closing } from './table.ts';

/** Of as many cases one is drilled here; `npm run sweep` drills all of them. */
const EVERY = 40;

let sweep: Sweep;
beforeAll(async () => {
  sweep = await startSweep();
}, 60_000);
afterAll(() => sweep.end());

test('no promise is broken, whichever call, state or event goes wrong', { timeout: 120_000 }, async () => {
  const rows = await sweep.run(sweep.cases.filter((_, index) => index % EVERY === 0));
  expect(rows.filter(({ broken }) => broken.length > 0)).toEqual([]);
  expect(rows.filter(({ hit }) => !hit).map(({ what, fault }) => `${what} × ${fault}`)).toEqual([]);
  expect(closing(rows)).toBe(
    `${rows.length} cases, 0 left bad unpaged, 0 receipts missing, 0 paths doubled, 0 locks leaked`,
  );
});

test('no function of the state machines is left out', () => {
  const swept = new Set([...sweep.recorded.values()].flatMap(({ invocations }) => invocations.map(nameOf)));
  const named = [...JSON.stringify([DRILL, WITNESS]).matchAll(/\$\{(\w+)FunctionArn\}/g)].map(
    ([, name]) => name,
  );
  const wanted = [...named, 'Watchdog', 'ObserveEvent'].filter((name) => !SPARED.has(name ?? ''));
  expect(wanted.filter((name) => !swept.has(name ?? ''))).toEqual([]);
});

/**
 * What runs side by side once the target is restored is caught alike and touches nothing: one kind stands for all. The undo
 * of a migration meets its accidents in test/statemachines/crashes.test.ts.
 */
const SPARED = new Set(['UndoMigration', ...Object.keys(DRILL.States.Validate?.ItemProcessor?.States ?? {})]);
SPARED.delete('SyntheticTransaction');

test('no call of a drill, in none of its states, is left out', () => {
  const met = new Set(sweep.cases.map(({ what }) => what.replace(/ #\d+$/, '')));
  const calls = sweep.recorded.get('clean')?.calls ?? [];
  expect([...new Set(calls.map(keyOf))].filter((call) => !met.has(call))).toEqual([]);
});

test('there are at least a thousand cases, some of every scenario', () => {
  const scenarios = new Set(sweep.cases.map(({ scenario }) => scenario));
  expect([...sweep.recorded.keys()].filter((name) => !scenarios.has(name))).toEqual([]);
  expect(sweep.cases.length).toBeGreaterThanOrEqual(1_000);
});

test('whatever becomes of all events at once, a drill through a pipeline has the same marks, and one rollback', async () => {
  const scenario = 'through a pipeline';
  const events = (sweep.recorded.get(scenario)?.events ?? []).map((event) => event.split('#'));
  const disturbed = EVENT_FAULTS.map((fault): Case => {
    const accidents = events.map(([name = '', nth]) => {
      return { kind: 'event', name, nth: Number(nth), fault } as const;
    });
    return { scenario, what: 'every event', fault, accidents };
  });
  const [clean, ...rows] = await sweep.run([
    { scenario, what: 'nothing', fault: 'none', accidents: [] },
    ...disturbed,
  ]);
  const { badDeployStarted, badServing, triggerObserved } = clean?.marks ?? {};
  expect(triggerObserved).toEqual(expect.any(String));
  const marks = { badDeployStarted, badServing, triggerObserved };
  for (const row of rows) expect(row).toMatchObject({ outcome: 'passed', hit: true, broken: [], marks });
});

describe('the sweep notices', () => {
  test.each<[MutantName, string, Pick<Case, 'what' | 'fault'> & Partial<Case>]>([
    ['a fault ends the drill well', 'I3', { what: 'function RollBack', fault: 'crashes-after, always' }],
    ['no watchdog', 'I1', { what: 'state AwaitTrigger', fault: 'stopped after 900 ms' }],
    [
      'no fence',
      'I1',
      { what: 'DeployKnownBad in DeployKnownBad: dynamodb.Query #1', fault: 'slow, and stopped meanwhile' },
    ],
    [
      'nothing is read back',
      'I4',
      { what: 'DeployKnownBad in DeployKnownBad: ecs.UpdateService #1', fault: 'unanswered-after' },
    ],
    [
      'alarms are never read again',
      'caught',
      {
        scenario: 'caught by an alarm',
        what: 'event CloudWatch Alarm State Change: shop-orders-failing is ALARM#1',
        fault: 'lost',
      },
    ],
    ['the lock is released early', 'I1', { what: 'state AwaitApproval', fault: 'stopped after 900 ms' }],
  ])('%s: %s', async (mutant, invariant, { scenario = 'clean', what, fault }) => {
    const found = sweep.cases.find(
      (one) => one.scenario === scenario && one.what === what && one.fault === fault,
    );
    const [undisturbed, mutated] = await sweep.run(
      [found, found && { ...found, mutant }].filter((one) => one !== undefined),
    );
    expect(undisturbed?.broken).toEqual([]);
    expect(mutated?.broken.map((one) => one.invariant)).toContain(invariant);
  });
});

function nameOf(invocation: string): string {
  return invocation.split('#')[0] ?? '';
}
