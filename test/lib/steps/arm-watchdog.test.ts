import { describe, expect, test } from 'vitest';
import type { Entry } from '../../../lib/drill/entry.ts';
import { drillLimitMs, LEASE_MS } from '../../../lib/drill/limits.ts';
import { approve } from '../../../lib/steps/approve.ts';
import { caller, planAsking } from '../../fixtures/people.ts';
import { planWith } from '../../fixtures/plan.ts';
import { drillAt, type Rig, type RigOptions, startRig } from '../../fixtures/rig.ts';

test('neither arms nor numbers a drill whose target changed after the capture', async () => {
  const rig = await drillAt('steady');
  rig.service.overtake();
  expect(await rig.steps.armWatchdog()).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('unchanged'),
  });
  expect(rig.stores.schedules.size).toBe(0);
  expect(await rig.entries('numbered')).toEqual([]);
  expect(await rig.steps.sealReceipt()).toMatchObject({ outcome: 'refused', whole: true });
});

test('neither arms nor numbers a drill that a person aborted', async () => {
  const rig = await drillAt('steady');
  await rig.stores.journal.requestAbort('drill-1', { by: 'ana', reason: 'not today' });
  expect(await rig.steps.armWatchdog()).toMatchObject({
    kind: 'refused',
    reason: 'aborted by ana: not today',
  });
  expect(rig.stores.schedules.size).toBe(0);
  expect(await rig.steps.sealReceipt()).toMatchObject({ outcome: 'aborted' });
});

test('does not go on when nothing was captured', async () => {
  const rig = await drillAt('locked');
  expect(await rig.steps.armWatchdog()).toMatchObject({ kind: 'refused' });
});

test('does not number a drill whose deadline could not be armed', async () => {
  const rig = await drillAt('steady', {
    through: (ports) => ({
      ...ports,
      deadline: { ...ports.deadline, arm: () => Promise.reject(new Error('throttled')) },
    }),
  });
  await expect(rig.steps.armWatchdog()).rejects.toThrow('throttled');
  expect(await rig.entries('numbered')).toEqual([]);
});

test('neither arms nor numbers a drill whose lock was taken while its lease had run out', async () => {
  const rig = await drillAt('steady');
  await rig.clock.advance(LEASE_MS + 60_000);
  await drillAt('locked', { drillId: 'drill-2', beside: rig });
  await expect(rig.steps.armWatchdog()).rejects.toMatchObject({ name: 'FenceRaised' });
  expect(rig.stores.schedules.size).toBe(0);
  expect(await rig.entries('numbered')).toEqual([]);
  const fault = { kind: 'fault', state: 'ArmWatchdog', error: 'FenceRaised' } as const;
  expect(await rig.steps.sealReceipt(fault)).toMatchObject({ outcome: 'refused' });
  expect(await rig.stores.locks.holder('ecs:demo/shop')).toBe('drill-2');
});

test('neither arms nor numbers a drill of which the deadline cannot carry what restoring needs', async () => {
  const rig = await drillAt('locked');
  await rig.steps.checkGuardrails();
  const [captured] = await rig.entries('captured');
  const wayBack = ['x'.repeat(300 * 1024)];
  await rig.append({ ...captured, kind: 'captured', key: 'captured/again', wayBack } as Entry);
  expect(await rig.steps.armWatchdog()).toMatchObject({
    kind: 'refused',
    reason: expect.stringMatching(/^emergency-record: .* takes \d+ bytes; at most 261120/),
  });
  expect(rig.stores.schedules.size).toBe(0);
});

test('keeps with the deadline what restoring needs, and no more', async () => {
  const rig = await drillAt('armed');
  const kept = await rig.stores.deadline.read('drill-1');
  expect(kept?.opened.drillId).toBe('drill-1');
  expect(kept?.plan).toMatchObject({ validations: [], sideEffects: [], target: { kind: 'ecs' } });
  expect(kept?.journal.map(({ kind }) => kind)).toEqual(['captured', 'steady-state']);
});

test('run again after its answer was lost, keeps deadline and number', async () => {
  const rig = await drillAt('armed');
  await rig.clock.advance(2_000);
  expect(await rig.steps.armWatchdog({ retries: 1 })).toEqual({ kind: 'armed', reason: 'drill number 1' });
  expect(rig.stores.schedules.size).toBe(1);
  expect((await rig.entries('numbered')).map(({ number }) => number)).toEqual([1]);
});

test('arms the deadline for the longest that the drill may take', async () => {
  const rig = await drillAt('steady');
  await rig.steps.armWatchdog();
  expect(rig.stores.schedules.get('drill-1')).toBe(rig.clock.now() + drillLimitMs(planWith()));
});

describe('approvals', () => {
  const plan = planAsking({ approvals: '{people: 2, within: 30m}' });

  test('are void for another revision of the target', async () => {
    const rig = await approvedDrill();
    const [captured] = await rig.entries('captured');
    await rig.append({ ...(captured as Entry), key: 'captured/again', revision: 'rev-9' } as Entry);
    expect(await rig.steps.armWatchdog()).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/approvals: approved was .* the approvals are void/),
    });
    expect(await rig.entries('numbered')).toEqual([]);
  });

  test('are void for another plan', async () => {
    const rig = await approvedDrill((ports) => ({
      ...ports,
      journal: {
        ...ports.journal,
        read: async (id) => {
          const drill = await ports.journal.read(id);
          return { ...drill, plan: { ...drill.plan, detectWithinMs: 1 } };
        },
      },
    }));
    expect(await rig.steps.armWatchdog()).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('the approvals are void'),
    });
  });

  test('that are missing are not made up for by coming here', async () => {
    const rig = await drillAt('steady', { plan, startedBy: 'user/ana' });
    expect(await rig.steps.armWatchdog()).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('approvals: 0 of 2 approvals within 30m'),
    });
  });

  test('that stand are told with their names', async () => {
    const rig = await approvedDrill();
    expect(await rig.steps.armWatchdog()).toMatchObject({ kind: 'armed' });
    expect((await rig.entries('guardrail')).find(({ name }) => name === 'approvals')).toMatchObject({
      verdict: 'passed',
      reason: '2 of 2 approvals: user/bob, user/carol',
    });
  });

  async function approvedDrill(through?: RigOptions['through']): Promise<Rig> {
    const rig = await drillAt('steady', { plan, startedBy: 'user/ana' });
    for (const name of ['bob', 'carol']) await approve(rig.ports, 'drill-1', { by: caller(name) });
    return through ? startRig({ plan, beside: rig, through }) : rig;
  }
});
