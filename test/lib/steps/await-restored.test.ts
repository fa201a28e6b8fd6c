import { expect, test } from 'vitest';
import { drillAt } from '../../fixtures/rig.ts';

test('is not over because the control plane says so: users must see it', async () => {
  const rig = await drillAt('rolling-back');
  await rig.clock.advance(20_000);
  await rig.steps.awaitRestored();
  expect(rig.told('AwaitRestored')).toBeUndefined();
  expect(await rig.entries('restored')).toEqual([]);
});

test('ends as overtaken when somebody else has deployed', async () => {
  const rig = await drillAt('rolling-back');
  rig.service.overtake();
  await rig.steps.awaitRestored();
  expect(rig.told('AwaitRestored')).toMatchObject({ kind: 'overtaken' });
});

test('of the next path is not ended by what the first one was told', async () => {
  const rig = await drillAt('restored');
  await rig.steps.rollBack({ kind: 'bad-again', reason: 'it was seen' });
  await rig.steps.awaitRestored();
  expect(rig.told('AwaitRestored')).toBeUndefined();
});

test('entered again after it broke, is told what came in between', async () => {
  const rig = await drillAt('restored');
  await rig.steps.awaitRestored({ retries: 1 });
  expect(rig.told('AwaitRestored')).toMatchObject({ kind: 'restored' });
});
