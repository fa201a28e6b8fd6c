import { describe, expect, test } from 'vitest';
import { LEASE_MS } from '../../../lib/drill/limits.ts';
import type { Ports } from '../../../lib/ports/ports.ts';
import { planWith } from '../../fixtures/plan.ts';
import { drillAt, type Rig, startRig } from '../../fixtures/rig.ts';
import { RESOURCE } from '../../fixtures/scripted-service.ts';

test('refuses a target that another drill holds, and says which, since when and until when', async () => {
  const first = await drillAt('locked');
  const second = startRig({ drillId: 'drill-2', beside: first });
  await second.steps.loadPlan();
  const decision = await second.steps.lockTarget();
  expect(decision).toMatchObject({
    kind: 'refused',
    reason: expect.stringMatching(/drill-1 since .* until/),
  });
  expect(await second.entries('locked')).toEqual([]);
  expect(await second.entries('refused')).toMatchObject([{ by: 'lock', reason: decision.reason }]);
});

test('is not stopped by the lock that a sealed drill did not come to release', async () => {
  const first = await drillAt('locked');
  await first.steps.sealReceipt();
  await first.stores.locks.acquire(RESOURCE, 'drill-1', 60_000);
  const second = await drillAt('locked', { drillId: 'drill-2', beside: first });
  expect(await second.entries('locked')).toMatchObject([{ resource: RESOURCE }]);
  expect(await second.stores.locks.holder(RESOURCE)).toBe('drill-2');
});

test('run again after its answer was lost, has the lock with the same fence', async () => {
  const rig = await drillAt('locked');
  expect((await rig.steps.lockTarget({ retries: 1 })).kind).toBe('locked');
  expect((await rig.entries('locked')).map(({ fence }) => fence)).toEqual([1]);
});

describe('a lease that has run out', () => {
  test('does not hand over a drill that was numbered: its watchdog has not finished it', async () => {
    const first = await drillAt('deployed');
    await first.clock.advance(LEASE_MS + 10_000);
    const second = await opened(first);
    expect(await second.steps.lockTarget()).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/held by drill drill-1 since .* it died .* 'drill recover' finishes it/),
    });
    expect(await first.stores.locks.holder(RESOURCE)).toBe('drill-1');
  });

  test('hands over a drill that never came to its number, which can do nothing from then on but say so', async () => {
    const first = await drillAt('steady');
    await first.clock.advance(LEASE_MS + 10_000);
    const second = await opened(first);
    expect(await second.steps.lockTarget()).toMatchObject({ kind: 'locked', reason: `fence ${RESOURCE} 2` });
    for (const step of ['armWatchdog', 'deployKnownBad'] as const)
      await expect(first.steps[step]()).rejects.toMatchObject({ name: 'FenceRaised' });
    expect(first.service.effects).toEqual([]);
    expect(await first.watchdog()).toMatchObject({ kind: 'sealed', outcome: 'aborted' });
    expect(await first.stores.journal.openDrills()).toEqual(['drill-2']);
    expect(await second.stores.locks.holder(RESOURCE)).toBe('drill-2');
  });

  test('is not run out while the witness lives', async () => {
    const first = await drillAt('locked', { plan: planWith(['for: 5s', 'for: 10m']) });
    await first.steps.checkGuardrails();
    await first.watch(LEASE_MS + 60_000);
    const second = await opened(first);
    expect(await second.steps.lockTarget()).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('unless it is renewed'),
    });
  });
});

describe('of several resources', () => {
  const PIPELINE = 'codepipeline:shop';

  test('holds none when it cannot have all', async () => {
    const first = await drillAt('locked');
    const second = await opened(first, withAlso(PIPELINE));
    expect(await second.steps.lockTarget()).toMatchObject({ kind: 'refused' });
    expect(await first.stores.locks.holder(PIPELINE)).toBeUndefined();
    expect(await second.entries('locked')).toEqual([]);
  });

  test('holds all, writes with all, and releases all', async () => {
    const rig = await drillAt('locked', { through: withAlso(PIPELINE) });
    expect((await rig.drill()).fence).toEqual({ [PIPELINE]: 1, [RESOURCE]: 1 });
    await rig.stores.locks.release(PIPELINE, 'drill-1');
    await expect(rig.steps.checkGuardrails()).rejects.toMatchObject({ name: 'FenceRaised' });
    await rig.steps.sealReceipt();
    expect(await rig.stores.locks.holder(RESOURCE)).toBeUndefined();
  });

  test('are taken over all at once', async () => {
    const rig = await drillAt('triggered', { through: withAlso(PIPELINE) });
    expect(await rig.watchdog()).toMatchObject({ outcome: 'rescued' });
    expect((await rig.entries('taken-over')).map(({ key }) => key)).toEqual(['taken-over/2-2']);
    for (const resource of [PIPELINE, RESOURCE])
      expect(await rig.stores.locks.holder(resource)).toBeUndefined();
  });
});

async function opened(beside: Rig, through?: (ports: Ports) => Ports): Promise<Rig> {
  const rig = startRig({ drillId: 'drill-2', beside, ...(through ? { through } : {}) });
  await rig.steps.loadPlan();
  return rig;
}

function withAlso(resource: string): (ports: Ports) => Ports {
  return (ports) => ({
    ...ports,
    target: (plan) => ({ ...ports.target(plan), resources: async () => [RESOURCE, resource] }),
  });
}
