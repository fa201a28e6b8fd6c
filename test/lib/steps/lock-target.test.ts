import { expect, test } from 'vitest';
import { drillAt, startRig } from '../../fixtures/rig.ts';
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
