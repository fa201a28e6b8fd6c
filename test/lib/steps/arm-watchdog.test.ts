import { expect, test } from 'vitest';
import { drillLimitMs } from '../../../lib/drill/limits.ts';
import { planWith } from '../../fixtures/plan.ts';
import { drillAt } from '../../fixtures/rig.ts';

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

test('run again after its answer was lost, keeps deadline and number', async () => {
  const rig = await drillAt('armed');
  const armedFor = rig.stores.schedules.get('drill-1');
  await rig.clock.advance(2_000);
  expect(await rig.steps.armWatchdog({ retries: 1 })).toEqual({ kind: 'armed', reason: 'drill number 1' });
  expect(rig.stores.schedules.get('drill-1')).toBe(armedFor);
  expect((await rig.entries('numbered')).map(({ number }) => number)).toEqual([1]);
});

test('arms the deadline for the longest that the drill may take', async () => {
  const rig = await drillAt('steady');
  await rig.steps.armWatchdog();
  expect(rig.stores.schedules.get('drill-1')).toBe(rig.clock.now() + drillLimitMs(planWith()));
});
