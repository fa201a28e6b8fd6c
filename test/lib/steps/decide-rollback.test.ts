import { expect, test } from 'vitest';
import { drillAt } from '../../fixtures/rig.ts';

test('a silent witness is a fault, not an undetected release', async () => {
  const rig = await drillAt('deployed');
  await rig.steps.decideRollback({ kind: 'fault', state: 'AwaitTrigger', error: 'States.HeartbeatTimeout' });
  expect(await rig.entries('undetected')).toEqual([]);
  expect(await rig.entries('fault')).toMatchObject([
    { state: 'AwaitTrigger', error: 'States.HeartbeatTimeout' },
  ]);
});

test('a time limit in another state is a fault, not an undetected release', async () => {
  const rig = await drillAt('deployed');
  await rig.steps.decideRollback({ kind: 'fault', state: 'DeployKnownBad', error: 'States.Timeout' });
  expect(await rig.entries('undetected')).toEqual([]);
  expect(await rig.entries('fault')).toHaveLength(1);
});

test('the time limit of the wait is an undetected release, not a fault', async () => {
  const rig = await drillAt('deployed');
  const decision = await rig.steps.decideRollback({
    kind: 'fault',
    state: 'AwaitTrigger',
    error: 'States.Timeout',
  });
  expect(decision).toEqual({ kind: 'roll-back', reason: 'the bad release went undetected' });
  expect(await rig.entries('undetected')).toMatchObject([{ reason: 'no trigger fired within 120000 ms' }]);
  expect(await rig.entries('fault')).toEqual([]);
});

test('run again after its answer was lost, keeps the moment of the decision', async () => {
  const rig = await drillAt('triggered');
  const [, , decided] = await rig.entries('mark');
  await rig.clock.advance(5_000);
  await rig.steps.decideRollback(rig.told('AwaitTrigger'), { retries: 1 });
  expect((await rig.entries('mark')).filter(({ mark }) => mark === 'rollbackDecided')).toEqual([decided]);
});
