import { expect, test } from 'vitest';
import type { Ports } from '../../../lib/ports/ports.ts';
import { drillAt } from '../../fixtures/rig.ts';
import { RESOURCE } from '../../fixtures/scripted-service.ts';

test('does not deploy when a person aborted', async () => {
  const rig = await drillAt('armed');
  await rig.stores.journal.requestAbort('drill-1', { by: 'ana', reason: 'not today' });
  expect(await rig.steps.deployKnownBad()).toMatchObject({ kind: 'aborted' });
  expect(rig.service.effects).toEqual([]);
  expect(await rig.entries('call')).toEqual([]);
});

test('does not deploy after the watchdog has taken the drill over', async () => {
  const rig = await drillAt('armed');
  await rig.stores.locks.raiseFence([RESOURCE], 'drill-1', 60_000);
  await expect(rig.steps.deployKnownBad()).rejects.toMatchObject({ name: 'FenceRaised' });
  expect(rig.service.effects).toEqual([]);
});

test('does not deploy what it could not announce', async () => {
  const rig = await drillAt('armed', { through: withoutCallsOnRecord });
  await expect(rig.steps.deployKnownBad()).rejects.toThrow('throttled');
  expect(rig.service.effects).toEqual([]);
});

test('does not repeat a deployment whose answer was lost, and marks it with the control plane’s own time', async () => {
  const rig = await drillAt('armed');
  rig.service.mishaps.set('deploy', 'answer-lost');
  const deployedAt = rig.clock.now();
  await expect(rig.steps.deployKnownBad()).rejects.toMatchObject({ name: 'TransientFault' });
  await rig.clock.advance(2_000);
  expect(await rig.steps.deployKnownBad({ retries: 1 })).toMatchObject({ kind: 'deployed' });
  expect(rig.service.effects).toEqual(['deploy']);
  const [mark] = await rig.entries('mark');
  expect(mark).toMatchObject({
    mark: 'badDeployStarted',
    source: 'api',
    at: new Date(deployedAt).toISOString(),
  });
});

test('announces every execution on its own, so that the newest call in flight is known', async () => {
  const rig = await drillAt('armed');
  rig.service.mishaps.set('deploy', 'refused');
  await expect(rig.steps.deployKnownBad()).rejects.toThrow('not authorised');
  await rig.clock.advance(3_000);
  await rig.steps.deployKnownBad({ retries: 1 });
  const times = (await rig.entries('call')).map(({ at }) => Date.parse(at));
  expect(times).toEqual([rig.clock.now() - 3_000, rig.clock.now()]);
});

test('tells the witness what to look for once the release is on its way', async () => {
  const rig = await drillAt('armed');
  expect((await rig.drill()).phase).toBe('steady-state');
  await rig.steps.deployKnownBad();
  expect((await rig.drill()).phase).toBe('awaiting-trigger');
});

function withoutCallsOnRecord(ports: Ports): Ports {
  const { journal } = ports;
  return {
    ...ports,
    journal: {
      ...journal,
      append: async (holder, entries) => {
        if (entries.some(({ kind }) => kind === 'call')) throw new Error('throttled');
        await journal.append(holder, entries);
      },
    },
  };
}
