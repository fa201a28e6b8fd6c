import { describe, expect, test } from 'vitest';
import { identityOf } from '../../../lib/drill/people/identity.ts';
import { approve } from '../../../lib/steps/approve.ts';
import { caller, planAsking } from '../../fixtures/people.ts';
import { DRILL_ID, drillAt, type Rig } from '../../fixtures/rig.ts';

const TWO = planAsking({ approvals: '{people: 2, within: 30m}' });

describe('an approval counts for nothing, and says why,', () => {
  test('by one person twice', async () => {
    const rig = await asking();
    await by(rig, 'bob');
    expect(await by(rig, 'bob')).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/^user\/bob has approved at .* already; 2 different people are needed$/),
      given: 1,
      needed: 2,
    });
    expect(rig.told('AwaitApproval')).toBeUndefined();
  });

  test('by one role in two sessions', async () => {
    const rig = await asking();
    const role = (session: string) =>
      approve(rig.ports, DRILL_ID, {
        by: identityOf(`arn:aws:sts::000000000000:assumed-role/deployers/${session}`),
      });
    await role('alice');
    expect(await role('bob')).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('role/deployers has approved'),
    });
  });

  test('by the starter', async () => {
    const rig = await asking();
    expect(await by(rig, 'ana')).toMatchObject({
      kind: 'refused',
      reason: 'user/ana has started the drill, and somebody else must approve it',
    });
  });

  test('after expiry', async () => {
    const rig = await asking();
    await rig.clock.advance(30 * 60_000);
    expect(await by(rig, 'bob')).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/^the time to approve was over at 2026-11-03T10:3/),
    });
  });

  test('for another digest', async () => {
    const rig = await asking();
    expect(await approve(rig.ports, DRILL_ID, { by: caller('bob'), digest: 'sha256:beef' })).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/^the drill runs plan sha256:[0-9a-f]{64}; received sha256:beef$/),
    });
  });

  test('for another revision of the target', async () => {
    const rig = await asking();
    expect(await approve(rig.ports, DRILL_ID, { by: caller('bob'), revision: 'rev-3' })).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/^the last healthy release of the drill is .*; received rev-3$/),
    });
  });

  test('by whom nobody vouches for', async () => {
    const rig = await asking();
    const arn = 'arn:aws:sts::000000000000:assumed-role/AWSServiceRoleForECS/ecs';
    expect(await approve(rig.ports, DRILL_ID, { by: identityOf(arn) })).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining(`${arn} is no person`),
    });
    expect(await rig.entries('approval')).toMatchObject([{ verdict: 'refused', by: arn }]);
  });

  test('when enough people have approved already', async () => {
    const rig = await asking();
    await by(rig, 'bob');
    await by(rig, 'carol');
    expect(await by(rig, 'dave')).toMatchObject({
      kind: 'refused',
      reason: '2 of 2 approvals are there: no more are needed',
    });
  });

  test('when the drill was aborted', async () => {
    const rig = await asking();
    await rig.stores.journal.requestAbort(DRILL_ID, { by: 'user/ana', reason: 'not today' });
    expect(await by(rig, 'bob')).toMatchObject({
      kind: 'refused',
      reason: 'the drill ended before: not today',
    });
  });

  test('when the drill does not wait for one', async () => {
    const early = await drillAt('locked', { plan: TWO });
    expect(await by(early, 'bob')).toMatchObject({
      kind: 'refused',
      reason: 'the drill does not wait for an approval yet; it is in LockTarget',
    });
    const unasked = await drillAt('armed');
    expect(await by(unasked, 'bob')).toMatchObject({
      kind: 'refused',
      reason: 'the plan asks for no approval',
    });
  });
});

test('a drill that nobody opened has nothing to approve', async () => {
  const rig = await drillAt('locked');
  await expect(approve(rig.ports, 'drill-9', { by: caller('bob') })).rejects.toMatchObject({
    name: 'DrillNotFound',
  });
});

test('refused attempts are kept with their reasons, but never fill the journal', async () => {
  const rig = await asking();
  for (let attempt = 1; attempt <= 30; attempt++) await by(rig, 'ana');
  const refused = await rig.entries('approval');
  expect(refused).toHaveLength(20);
  expect(refused[0]).toMatchObject({
    verdict: 'refused',
    by: 'user/ana',
    reason: expect.stringContaining('started'),
  });
});

test('the last one sends the drill on, and is the mark', async () => {
  const rig = await asking();
  expect(await by(rig, 'bob')).toMatchObject({ kind: 'approved', given: 1, needed: 2 });
  expect(rig.told('AwaitApproval')).toBeUndefined();
  await rig.clock.advance(60_000);
  expect(await by(rig, 'carol')).toMatchObject({ kind: 'approved', given: 2, needed: 2 });
  expect(rig.told('AwaitApproval')).toEqual({ kind: 'approved', reason: 'approved by user/bob, user/carol' });
  const [, second] = await rig.entries('approval');
  expect(await rig.entries('mark')).toMatchObject([
    { mark: 'approved', source: 'person', at: second?.verdict === 'approved' ? second.at : '' },
  ]);
});

test('two at once are both counted', async () => {
  const rig = await asking();
  const both = await Promise.all([by(rig, 'bob'), by(rig, 'carol')]);
  expect(both.map(({ kind }) => kind)).toEqual(['approved', 'approved']);
  expect(rig.told('AwaitApproval')).toMatchObject({ kind: 'approved' });
});

test('the same person at once in two places is counted once', async () => {
  const rig = await asking();
  await Promise.all([by(rig, 'bob'), by(rig, 'bob')]);
  expect(rig.told('AwaitApproval')).toBeUndefined();
  expect((await rig.entries('approval')).filter(({ verdict }) => verdict === 'approved')).toHaveLength(1);
});

test('an approver who dies before saying so is heard by the witness', async () => {
  const rig = await asking();
  await by(rig, 'bob');
  const dead = {
    ...rig.ports,
    waits: { ...rig.ports.waits, signal: () => Promise.reject(new Error('killed')) },
  };
  await expect(approve(dead, DRILL_ID, { by: caller('carol') })).rejects.toThrow('killed');
  expect(rig.told('AwaitApproval')).toBeUndefined();
  await rig.watch(2_000);
  expect(rig.told('AwaitApproval')).toMatchObject({ kind: 'approved' });
});

/** Started by user/ana, a drill that waits for two approvals. */
function asking(): Promise<Rig> {
  return drillAt('steady', { plan: TWO, startedBy: 'user/ana' });
}

function by(rig: Rig, name: string) {
  return approve(rig.ports, DRILL_ID, { by: caller(name) });
}
