import { expect, test } from 'vitest';
import { drillAt } from '../../fixtures/rig.ts';

test('does not lose what happened before its token: the target is read once', async () => {
  const rig = await drillAt('deployed');
  await rig.clock.advance(1_000);
  rig.service.rollBackItself();
  await rig.steps.awaitTrigger();
  expect(rig.told('AwaitTrigger')).toMatchObject({
    kind: 'trigger',
    reason: expect.stringContaining('deployment-failed'),
  });
  expect(await rig.entries('trigger')).toMatchObject([
    { won: true, trigger: { name: 'deployment-failed', source: 'api' } },
  ]);
});

test('does not let that wait for the functions to be warm', async () => {
  const warming = Promise.withResolvers<void>();
  const rig = await drillAt('deployed', {
    through: (ports) => ({ ...ports, warmer: { warm: () => warming.promise } }),
  });
  rig.service.rollBackItself();
  const waiting = rig.steps.awaitTrigger();
  await rig.clock.advance(10);
  expect(rig.told('AwaitTrigger')).toMatchObject({ kind: 'trigger' });
  warming.resolve();
  await waiting;
});

test('ends as overtaken when somebody else has deployed', async () => {
  const rig = await drillAt('deployed');
  rig.service.overtake();
  await rig.steps.awaitTrigger();
  expect(rig.told('AwaitTrigger')).toMatchObject({ kind: 'overtaken' });
});

test('ends as overtaken when somebody has gone back by hand, and does not fight', async () => {
  const rig = await drillAt('deployed');
  await rig.clock.advance(5_000);
  rig.service.goBackByHand();
  await rig.steps.awaitTrigger();
  expect(rig.told('AwaitTrigger')).toMatchObject({ kind: 'overtaken' });
  await rig.steps.decideRollback(rig.told('AwaitTrigger'));
  expect(await rig.steps.rollBack({ kind: 'roll-back', reason: 'overtaken' })).toMatchObject({
    kind: 'overtaken',
  });
  expect(await rig.steps.sealReceipt()).toMatchObject({ outcome: 'compromised' });
  expect(rig.service.effects).toEqual(['deploy']);
});

test('does not take what was read too early after the deployment for somebody’s hand', async () => {
  const rig = await drillAt('deployed', {
    through: (ports) => ({
      ...ports,
      target: (plan) => {
        const target = ports.target(plan);
        return {
          ...target,
          observe: async (context) => ({ ...(await target.observe(context)), desired: 'last-healthy' }),
        };
      },
    }),
  });
  await rig.steps.awaitTrigger();
  expect(rig.told('AwaitTrigger')).toBeUndefined();
});

test('warms the functions between trigger and rollback, and waits', async () => {
  const rig = await drillAt('deployed');
  await rig.steps.awaitTrigger();
  expect(rig.warmed).toEqual(['drill-1']);
  expect(rig.told('AwaitTrigger')).toBeUndefined();
});

test('entered again after it broke, it is told what came in between', async () => {
  const rig = await drillAt('deployed');
  await rig.steps.awaitTrigger();
  await rig.watch(10_000);
  const first = rig.told('AwaitTrigger');
  await rig.steps.awaitTrigger({ retries: 1 });
  expect(rig.told('AwaitTrigger')).toEqual(first);
});
