import { expect, test } from 'vitest';
import { observeEvent } from '../../../lib/steps/observe-event.ts';
import { drillAt, startRig } from '../../fixtures/rig.ts';
import { RESOURCE } from '../../fixtures/scripted-service.ts';

const EVENT = {
  'detail-type': 'ECS Deployment State Change' as const,
  resources: ['arn:aws:ecs:us-east-1:000000000000:service/demo/shop'],
};

test.each([
  [
    'of a service that nobody drills',
    { ...EVENT, resources: ['arn:aws:ecs:us-east-1:0:service/demo/other'] },
  ],
  ['without a service', { ...EVENT, resources: [] }],
])('does nothing on an event %s', async (_, event) => {
  const rig = await drillAt('deployed');
  expect(await observeEvent(rig.ports, event)).toEqual({ observed: false });
});

test('does nothing on an event when no drill runs, nor before the known-bad release', async () => {
  expect(await observeEvent(startRig().ports, EVENT)).toEqual({ observed: false });
  expect(await observeEvent((await drillAt('armed')).ports, EVENT)).toEqual({ observed: false });
});

test('records nothing for a drill that the watchdog has taken over, and does not fail either', async () => {
  const rig = await drillAt('deployed');
  await rig.steps.awaitTrigger();
  rig.service.rollBackItself();
  await rig.stores.locks.raiseFence([RESOURCE], 'drill-1', 60_000);
  expect(await observeEvent(rig.ports, EVENT)).toEqual({ observed: false });
  expect(await rig.entries('trigger')).toEqual([]);
  expect(rig.told('AwaitTrigger')).toBeUndefined();
});

test('an event only wakes: what counts is what the target shows, and a doubled event changes nothing', async () => {
  const rig = await drillAt('deployed');
  await rig.steps.awaitTrigger();
  expect(await observeEvent(rig.ports, EVENT)).toEqual({ observed: true });
  expect(rig.told('AwaitTrigger')).toBeUndefined();
  rig.service.rollBackItself();
  await observeEvent(rig.ports, EVENT);
  await observeEvent(rig.ports, EVENT);
  expect(rig.told('AwaitTrigger')).toMatchObject({ kind: 'trigger' });
  expect(await rig.entries('trigger')).toHaveLength(1);
});
