import { expect, test } from 'vitest';
import { abort } from '../../../lib/steps/abort.ts';
import { planAsking } from '../../fixtures/people.ts';
import { DRILL_ID, drillAt } from '../../fixtures/rig.ts';

const PLAN = planAsking({ rollback: 'confirm: {within: 2m}\n  hold: {upTo: 10m}' });

test('rolls nothing back while a person is asked', async () => {
  const rig = await drillAt('triggered', { plan: PLAN });
  await rig.steps.awaitDecision();
  await rig.watch(10_000);
  expect(rig.told('AwaitDecision')).toBeUndefined();
  expect(rig.service.effects).toEqual(['deploy']);
  expect((await rig.entries('mark')).map(({ mark }) => mark)).not.toContain('rollbackDecided');
});

test('does not break the drill when the person cannot be asked: silence rolls back', async () => {
  const rig = await drillAt('triggered', {
    plan: PLAN,
    through: (ports) => ({
      ...ports,
      announcer: { announce: () => Promise.reject(new Error('no such topic')) },
    }),
  });
  await rig.steps.awaitDecision();
  const gap = (await rig.entries('gap')).find(({ code }) => code === 'question-not-delivered');
  expect(gap).toMatchObject({ severity: 'warning', evidence: 'no such topic' });
});

test('asks with the exact commands, and says until when', async () => {
  const rig = await drillAt('triggered', { plan: PLAN });
  await rig.steps.awaitDecision();
  const question = rig.announced.at(-1)?.message ?? '';
  const [asked] = await rig.entries('decision-asked');
  expect(question).toContain(`rolls back at ${asked?.until}`);
  expect(question).toContain('drill decide drill-1 --roll-back');
  expect(question).toContain('drill decide drill-1 --hold');
});

test('an abort is heard by the witness, and nobody is asked any more', async () => {
  const rig = await drillAt('triggered', { plan: PLAN });
  await rig.steps.awaitDecision();
  await abort(rig.ports, DRILL_ID, { by: 'user/ana', reason: 'enough' });
  await rig.watch(3_000);
  expect(rig.told('AwaitDecision')).toEqual({ kind: 'aborted', reason: 'enough' });
  expect(await rig.steps.decideRollback(rig.told('AwaitDecision'))).toEqual({
    kind: 'roll-back',
    reason: 'aborted: enough',
  });
});

test('an abort that came before the question ends it at once', async () => {
  const rig = await drillAt('triggered', { plan: PLAN });
  await abort(rig.ports, DRILL_ID, { by: 'user/ana', reason: 'enough' });
  await rig.steps.awaitDecision();
  expect(rig.told('AwaitDecision')).toMatchObject({ kind: 'aborted' });
});

test('somebody else’s deployment ends the question', async () => {
  const rig = await drillAt('triggered', { plan: PLAN });
  await rig.steps.awaitDecision();
  rig.service.overtake();
  await rig.watch(6_000);
  expect(rig.told('AwaitDecision')).toMatchObject({ kind: 'overtaken' });
});

test('a target that has gone back by itself is not asked about', async () => {
  const rig = await drillAt('triggered', { plan: PLAN });
  rig.service.rollBackItself();
  await rig.steps.awaitDecision();
  expect(rig.told('AwaitDecision')).toMatchObject({ kind: 'rolled-back' });
});

test('the witness keeps the question alive', async () => {
  const rig = await drillAt('triggered', { plan: PLAN });
  await rig.steps.awaitDecision();
  const before = rig.stores.tokens.heartbeats.length;
  await rig.watch(5_000);
  expect(rig.stores.tokens.heartbeats.length).toBeGreaterThan(before + 3);
});
