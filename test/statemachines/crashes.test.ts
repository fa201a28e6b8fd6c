import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { entriesOf, lastOf } from '../../lib/drill/journal.ts';
import type { Receipt } from '../../lib/drill/seal.ts';
import { verify } from '../../lib/drill/verify.ts';
import { planWith, planWithMigration } from '../fixtures/plan.ts';
import { startRig } from '../fixtures/rig.ts';
import {
  type Accident,
  type Aftermath,
  type Circumstances,
  drillWith,
  type Mishap,
  QUICK,
} from './crashing-drill.ts';

const CURED: readonly Mishap[] = ['fails', 'answer-lost', 'killed'];
/** Stopped then, a drill waits for the trigger, or for the restoration. */
const STOPPED_AFTER_MS = [8_000, 12_000];

test('without an accident a drill passes', async () => {
  const { ending, outcome, rig } = await drillWith([]);
  expect({ ending, outcome, effects: rig.service.effects }).toEqual({
    ending: 'SUCCEEDED',
    outcome: 'passed',
    effects: ['deploy', 'ecs-stop-deployment'],
  });
});

describe('whichever call of a step', () => {
  test.each(CURED)('%s, the drill passes all the same', async (mishap) => {
    const aftermaths = await everyCall((call) => [{ who: 'steps', call, mishap }]);
    expect(aftermaths.length).toBeGreaterThan(50);
    expect(new Set(aftermaths.map(({ outcome }) => outcome))).toEqual(new Set(['passed']));
  });

  test('is under way when the drill is stopped, the watchdog finishes it', async () => {
    const aftermaths = await everyCall((call) => [{ who: 'steps', call, mishap: 'stopped' }]);
    expect(new Set(aftermaths.map(({ outcome }) => outcome))).toEqual(
      new Set(['aborted', 'rescued', 'passed']),
    );
  });
});

describe.each(STOPPED_AFTER_MS)(
  'whichever call of the watchdog, after a drill that was stopped after %d ms,',
  (stopAfterMs) => {
    test.each(CURED)('%s, the target is restored and the receipt sealed', async (mishap) => {
      const aftermaths = await everyCall((call) => [{ who: 'watchdog', call, mishap }], { stopAfterMs });
      expect(aftermaths.length).toBeGreaterThan(30);
    });
  },
);

describe.each(['after-rollback', 'before-rollback'] as const)('a migration that is undone %s', (when) => {
  const plan = planWithMigration(when, planWith(...QUICK));
  let [from, until] = [0, 0];

  beforeAll(async () => {
    const { outcome, made, rig } = await drillWith([], { plan });
    expect({ outcome, undone: rig.migrations.runs }).toEqual({ outcome: 'passed', undone: ['drill-1/1'] });
    const acting = ['target.rollBack', 'migrations.undo'].map((name) => made.indexOf(name));
    [from, until] = [Math.min(...acting) - 5, Math.max(...acting) + 5];
  });

  test.each([...CURED, 'stopped' as const])(
    'takes effect once, whichever call of a step around it %s',
    async (mishap) => {
      const aftermaths = await everyCall((call) => [{ who: 'steps', call, mishap }], { from, until, plan });
      expect(aftermaths.some(({ hit }) => hit[0] === 'migrations.undo')).toBe(true);
      for (const { rig } of aftermaths) expect(rig.migrations.effects).toEqual(['drill-1/1']);
    },
  );
});

test.each(CURED)('whichever call of the witness %s, the drill passes all the same', async (mishap) => {
  const aftermaths = await everyCall((call) => [{ who: 'witness', call, mishap }], { every: 3 });
  expect(new Set(aftermaths.map(({ outcome }) => outcome))).toEqual(new Set(['passed']));
});

test('several accidents at once break no promise', { timeout: 60_000 }, async () => {
  const accident = fc.record({
    who: fc.constantFrom('steps', 'witness', 'watchdog'),
    call: fc.nat(80),
    mishap: fc.constantFrom<Mishap>('fails', 'answer-lost', 'killed', 'stopped'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(accident, { minLength: 2, maxLength: 6 }), async (accidents) => {
      expect(await brokenPromises(await drillWith(accidents))).toEqual([]);
    }),
    { numRuns: Number(process.env.ACCIDENTS ?? 60) },
  );
});

/** Which calls: from the first to before the last, each one or every so many. */
interface Calls {
  readonly from?: number;
  readonly until?: number;
  readonly every?: number;
}

/** One drill for each call, with the accident at that call; none of them breaks a promise. */
async function everyCall(
  accidentsAt: (call: number) => readonly Accident[],
  { every = 1, from = 0, until = 1_000, ...options }: Calls & Circumstances = {},
): Promise<readonly Aftermath[]> {
  const aftermaths: Aftermath[] = [];
  const broken: string[] = [];
  for (let call = from; call < until; call += every) {
    const aftermath = await drillWith(accidentsAt(call), options);
    if (aftermath.hit.length === 0) break;
    aftermaths.push(aftermath);
    const found = await brokenPromises(aftermath);
    broken.push(...found.map((promise) => `call ${call}, ${aftermath.hit}: ${promise}`));
  }
  expect(broken).toEqual([]);
  return aftermaths;
}

async function brokenPromises({ ending, outcome, rig }: Aftermath): Promise<readonly string[]> {
  const { effects } = rig.service;
  const sealed = await rig.stores.receipts.find('drill-1');
  const journal = await rig.drill().then(
    (drill) => drill.journal,
    () => [],
  );
  const again = startRig({ drillId: 'drill-2', beside: rig });
  await again.steps.loadPlan();
  const failed = entriesOf(journal, 'path').filter(({ result }) => result === 'failed').length;
  return [
    ...(rig.service.serving() !== 'v4' ? [`I1: users get ${rig.service.serving()} (${outcome})`] : []),
    ...(effects.includes('deploy') && effects.length < 2 ? [`I1: nothing restored it: ${effects}`] : []),
    ...((await again.steps.lockTarget()).kind !== 'locked' ? ['I2: the target stays locked'] : []),
    ...(journal.length > 0 && !sealed ? ['I3: nothing was sealed'] : []),
    ...((await rig.stores.journal.openDrills()).includes('drill-1') ? ['I3: the journal is open'] : []),
    ...(sealed && sealed.number !== null && verify([sealed as Receipt]).length > 0
      ? ['I3: it does not verify']
      : []),
    ...(new Set(effects).size !== effects.length ? [`I4: twice: ${effects}`] : []),
    ...(effects.length > 2 + failed ? [`I4: more than one path: ${effects}`] : []),
    ...(effects.length > 0 && !lastOf(journal, 'numbered') ? ['I5: deployed without a number'] : []),
    ...(outcome === 'not-restored' || outcome === 'compromised' ? [`a false ${outcome}`] : []),
    ...(rig.stores.schedules.size > 0 ? ['the deadline stays armed'] : []),
    ...(ending === 'SUCCEEDED' && !sealed ? ['a good end without a receipt'] : []),
  ];
}
