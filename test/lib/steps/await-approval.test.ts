import { expect, test } from 'vitest';
import { drillAt } from '../../fixtures/rig.ts';

test('a plan that asks for no approval goes on at once, and the journal says why', async () => {
  const rig = await drillAt('steady');
  expect(rig.told('AwaitApproval')).toMatchObject({ kind: 'approved' });
  expect(await rig.entries('approval')).toMatchObject([{ verdict: 'not-required' }]);
});

test('run again, it goes on again', async () => {
  const rig = await drillAt('steady');
  await rig.steps.awaitApproval({ retries: 1 });
  expect(rig.told('AwaitApproval')).toMatchObject({ kind: 'approved' });
  expect(await rig.entries('approval')).toHaveLength(1);
});
