import { expect, test } from 'vitest';
import { digestOf } from '../../../lib/drill/digest.ts';
import { loadPlan } from '../../../lib/steps/load-plan.ts';
import { planWith } from '../../fixtures/plan.ts';
import { startRig } from '../../fixtures/rig.ts';

const INPUT = {
  drillId: 'drill-1',
  enteredAt: '2026-11-03T10:00:00.100Z',
  retries: 0,
  previous: { kind: 'none' },
  executionArn: 'arn:execution:drill-1',
  startedAt: '2026-11-03T10:00:00.000Z',
  request: { plan: 'shop', startedBy: 'ana' },
};

test('opens no journal for a plan that was not deployed', async () => {
  const { ports } = startRig();
  const request = { ...INPUT.request, plan: 'nowhere' };
  await expect(loadPlan(ports, { ...INPUT, request })).rejects.toMatchObject({ name: 'PlanNotFound' });
  expect(await ports.journal.openDrills()).toEqual([]);
});

test.each(['nowhere', 'toString', '__proto__'])(
  'opens no journal for a known-bad release %s that the plan does not have',
  async (knownBad) => {
    const { ports } = startRig();
    const loading = loadPlan(ports, { ...INPUT, request: { ...INPUT.request, knownBad } });
    await expect(loading).rejects.toThrow(/v5-bad/);
    expect(await ports.journal.openDrills()).toEqual([]);
  },
);

test('opens no journal for another plan than the one that was meant, and says which one is deployed', async () => {
  const { ports } = startRig();
  const of = (digest: string) => loadPlan(ports, { ...INPUT, request: { ...INPUT.request, digest } });
  await expect(of('sha256:0000')).rejects.toThrow(`has the digest ${digestOf(planWith())}`);
  expect(await ports.journal.openDrills()).toEqual([]);
  await of(digestOf(planWith()));
  expect(await ports.journal.openDrills()).toEqual(['drill-1']);
});

test('run again after its answer was lost, keeps the journal and counts the execution', async () => {
  const rig = startRig();
  const answer = await loadPlan(rig.ports, INPUT);
  expect(await loadPlan(rig.ports, { ...INPUT, retries: 1 })).toEqual(answer);
  expect((await rig.entries('opened')).length).toBe(1);
  expect((await rig.entries('step')).map(({ executions }) => executions)).toEqual([1, 2]);
});

test('freezes the plan with its digest, and tells the limits of the waits in seconds', async () => {
  const rig = startRig();
  expect(await loadPlan(rig.ports, INPUT)).toMatchObject({
    limits: { detectWithinSeconds: 120, restoredWithinSeconds: 120, witnessSilenceSeconds: 30 },
    validations: [
      { name: 'buy', kind: 'synthetic-transaction' },
      { name: 'search', kind: 'synthetic-transaction' },
    ],
  });
  expect(await rig.drill()).toMatchObject({
    plan: planWith(),
    opened: {
      plan: { digest: digestOf(planWith()) },
      target: 'ecs:demo/shop',
      knownBad: 'v5-bad',
      startedBy: 'ana',
    },
  });
});
