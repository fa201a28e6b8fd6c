import { expect, test } from 'vitest';
import { recordFrom } from '../../../lib/drill/record.ts';
import { abort } from '../../../lib/steps/abort.ts';
import { approve } from '../../../lib/steps/approve.ts';
import { caller, planAsking } from '../../fixtures/people.ts';
import { DRILL_ID, drillAt } from '../../fixtures/rig.ts';

const TWO = planAsking({ approvals: '{people: 2, within: 30m}' });
const SILENCE = { kind: 'fault', state: 'AwaitApproval', error: 'States.Timeout' } as const;

test('does not go on before enough people have approved', async () => {
  const rig = await drillAt('steady', { plan: TWO, startedBy: 'user/ana' });
  await approve(rig.ports, DRILL_ID, { by: caller('bob') });
  await rig.watch(5_000);
  expect(rig.told('AwaitApproval')).toBeUndefined();
});

test('silence refuses the drill with the arithmetic, and touches nothing', async () => {
  const rig = await drillAt('steady', { plan: TWO, startedBy: 'user/ana' });
  await approve(rig.ports, DRILL_ID, { by: caller('bob') });
  expect(await rig.steps.sealReceipt(SILENCE)).toMatchObject({
    outcome: 'refused',
    reason: 'approval: 1 of 2 approvals within 30m (user/bob)',
    whole: true,
  });
  expect(rig.service.effects).toEqual([]);
  const record = recordFrom((await rig.drill()).journal);
  expect(record.approvals).toMatchObject([{ by: 'user/bob' }]);
  expect(record.people.map(({ by, did }) => `${by} ${did}`)).toEqual([
    'user/ana started',
    'user/bob approved',
  ]);
});

test('a time limit where nobody was asked is a fault', async () => {
  const rig = await drillAt('steady');
  expect(await rig.steps.sealReceipt(SILENCE)).toMatchObject({ outcome: 'refused', whole: false });
  expect(await rig.entries('fault')).toHaveLength(1);
});

test('an abort ends the wait at once, and nothing was touched', async () => {
  const rig = await drillAt('steady', { plan: TWO, startedBy: 'user/ana' });
  expect(await abort(rig.ports, DRILL_ID, { by: 'user/bob', reason: 'not today' })).toEqual({
    touched: false,
    reason: 'nothing was touched',
  });
  expect(rig.told('AwaitApproval')).toEqual({ kind: 'aborted', reason: 'not today' });
  expect(await rig.steps.sealReceipt(rig.told('AwaitApproval'))).toMatchObject({ outcome: 'aborted' });
  expect(rig.service.effects).toEqual([]);
});

test('asks with the exact command, once for each time it is entered', async () => {
  const rig = await drillAt('steady', { plan: TWO, startedBy: 'user/ana' });
  expect(rig.announced).toMatchObject([{ message: expect.stringContaining('drill approve drill-1') }]);
  expect(rig.announced[0]?.message).toContain('2 people must approve it within 30m');
});

test.each([
  ['the state machine', 3],
  ['schedule', 2],
  ['user/ana', 2],
])('a drill that was started by %s needs the approvals of %d people', async (startedBy, people) => {
  const rig = await drillAt('steady', { plan: TWO, startedBy });
  expect(await rig.entries('approval-asked')).toMatchObject([{ people }]);
});

test('entered again, it keeps the question and goes on when the approvals are there', async () => {
  const rig = await drillAt('steady', { plan: TWO, startedBy: 'user/ana' });
  const [asked] = await rig.entries('approval-asked');
  await approve(rig.ports, DRILL_ID, { by: caller('bob') });
  await rig.clock.advance(1_000);
  await approve(rig.ports, DRILL_ID, { by: caller('carol') });
  await rig.steps.awaitApproval({ retries: 1 });
  expect(await rig.entries('approval-asked')).toEqual([asked]);
  expect(rig.told('AwaitApproval')).toMatchObject({ kind: 'approved' });
});

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
