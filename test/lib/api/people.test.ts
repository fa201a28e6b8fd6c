import { describe, expect, test } from 'vitest';
import { lastOf } from '../../../lib/drill/journal.ts';
import { COMPLAINTS, planAsking } from '../../fixtures/people.ts';
import { DRILL_ID, drillAt, type Rig } from '../../fixtures/rig.ts';
import { type Api, apiOf } from './fixtures/api.ts';

const SESSION = 'arn:aws:sts::000000000000:assumed-role/AWSServiceRoleForECS/ecs';

describe('nobody', () => {
  test('says who they are in the body', async () => {
    const { api, rig } = await asking();
    const post = (path: string, body: object) => api.call('POST', `/drills/${DRILL_ID}/${path}`, { body });
    for (const field of ['by', 'as', 'startedBy', 'identity']) {
      expect(await post('approvals', { [field]: 'root' })).toMatchObject({ status: 400 });
      expect(await post('abort', { [field]: 'root' })).toMatchObject({ status: 400 });
      expect(await api.call('POST', '/drills', { body: { plan: 'shop', [field]: 'root' } })).toMatchObject({
        status: 400,
      });
    }
    expect((await rig.drill()).abort).toBeNull();
    expect(api.started.size).toBe(0);
  });

  test('decides or reports without being vouched for', async () => {
    const { api, rig } = await deciding();
    const before = JSON.stringify(await rig.drill());
    const as = SESSION;
    for (const [path, body] of [
      ['decision', { decision: 'roll-back' }],
      ['triggers', { name: 'complaints' }],
    ] as const)
      expect(await api.call('POST', `/drills/${DRILL_ID}/${path}`, { as, body })).toMatchObject({
        status: 403,
        document: { detail: expect.stringContaining('is no person that the organisation vouches for') },
      });
    expect(JSON.stringify(await rig.drill())).toBe(before);
  });

  test('approves their own drill, or without being vouched for', async () => {
    const { api, rig } = await asking();
    for (const as of ['ana', SESSION])
      expect(await api.call('POST', `/drills/${DRILL_ID}/approvals`, { as })).toMatchObject({ status: 403 });
    expect(rig.told('AwaitApproval')).toBeUndefined();
  });

  test('approves twice, or another plan or revision', async () => {
    const { api, rig } = await asking();
    await approve(api, 'bob');
    for (const body of [{}, { planDigest: 'sha256:beef' }, { revision: 'rev-3' }])
      expect(await api.call('POST', `/drills/${DRILL_ID}/approvals`, { as: 'bob', body })).toMatchObject({
        status: 409,
      });
    expect(rig.told('AwaitApproval')).toBeUndefined();
  });

  test('answers a drill that asks for nothing, or one that is over', async () => {
    const rig = await drillAt('validated');
    const api = apiOf(rig);
    const answers = (status: number) =>
      Promise.all(
        [
          ['approvals', {}],
          ['decision', { decision: 'roll-back' }],
          ['triggers', { name: 'complaints' }],
        ].map(async ([path, body]) =>
          expect(await api.call('POST', `/drills/${DRILL_ID}/${path}`, { body }), String(path)).toMatchObject(
            {
              status,
            },
          ),
        ),
      );
    await answers(409);
    await rig.steps.sealReceipt();
    const before = JSON.stringify(await rig.drill());
    await answers(409);
    expect(await api.call('POST', `/drills/${DRILL_ID}/abort`)).toMatchObject({
      status: 409,
      document: { detail: expect.stringContaining('is over') },
    });
    expect(JSON.stringify(await rig.drill())).toBe(before);
  });

  test('takes part in a drill that is not there', async () => {
    const { api } = await asking();
    for (const [path, body] of [
      ['approvals', {}],
      ['abort', {}],
      ['decision', { decision: 'hold' }],
      ['triggers', { name: 'complaints' }],
    ] as const)
      expect(await api.call('POST', `/drills/nobody/${path}`, { body })).toMatchObject({ status: 404 });
  });

  test('says for how long to roll back', async () => {
    const { api } = await deciding();
    const body = { decision: 'roll-back', for: '2m' };
    expect(await api.call('POST', `/drills/${DRILL_ID}/decision`, { body })).toMatchObject({
      status: 400,
      document: { errors: [{ field: 'for' }] },
    });
  });
});

test('two people approve a drill, and it goes on', async () => {
  const { api, rig } = await asking();
  expect((await approve(api, 'bob')).document).toMatchObject({ by: 'user/bob', given: 1, needed: 2 });
  const { digest, revision } = (await rig.entries('approval-asked'))[0] ?? {};
  expect(await approve(api, 'eve', { planDigest: digest, revision })).toMatchObject({
    status: 200,
    document: { drill: DRILL_ID, kind: 'approved', given: 2, needed: 2 },
  });
  expect(rig.told('AwaitApproval')).toMatchObject({ kind: 'approved' });
});

test('a trigger that a person reports wins, under the name of whoever has signed', async () => {
  const { api, rig } = await deployed();
  const body = { name: 'complaints', reason: 'the phone does not stop ringing' };
  expect(await api.call('POST', `/drills/${DRILL_ID}/triggers`, { body, as: 'eve' })).toMatchObject({
    status: 200,
    document: { drill: DRILL_ID, by: 'user/eve', kind: 'won' },
  });
  expect(lastOf((await rig.drill()).journal, 'trigger')?.trigger).toMatchObject({
    name: 'complaints',
    by: 'user/eve',
    evidence: 'the phone does not stop ringing',
  });
  expect(await api.call('POST', `/drills/${DRILL_ID}/triggers`, { body })).toMatchObject({ status: 409 });
});

test('a rollback is held, and then decided', async () => {
  const { api, rig } = await deciding();
  const hold = { decision: 'hold', for: '3m' };
  expect(await api.call('POST', `/drills/${DRILL_ID}/decision`, { body: hold })).toMatchObject({
    status: 200,
    document: { kind: 'held', by: 'user/bob', until: expect.any(String) },
  });
  await rig.steps.decideRollback(rig.told('AwaitDecision'));
  await rig.steps.awaitDecision();
  expect(
    await api.call('POST', `/drills/${DRILL_ID}/decision`, { body: { decision: 'roll-back' }, as: 'eve' }),
  ).toMatchObject({ status: 200, document: { kind: 'roll-back', by: 'user/eve', until: null } });
  expect(rig.told('AwaitDecision')).toMatchObject({ kind: 'confirmed' });
});

test('anybody who has signed may abort a running drill, at any moment', async () => {
  const { api, rig } = await asking();
  expect(await api.call('POST', `/drills/${DRILL_ID}/abort`, { as: SESSION })).toMatchObject({
    status: 202,
    document: { kind: 'aborted', by: SESSION, touched: false },
  });
  expect((await rig.drill()).abort).toMatchObject({ by: SESSION });
  const later = await deployed();
  const body = { reason: 'the match begins' };
  expect(await later.api.call('POST', `/drills/${DRILL_ID}/abort`, { body })).toMatchObject({
    document: { touched: true, reason: 'the target is being restored' },
  });
  expect((await later.rig.drill()).abort?.reason).toBe('aborted by user/bob: the match begins');
});

function approve(api: Api, as: string, body: object = {}) {
  return api.call('POST', `/drills/${DRILL_ID}/approvals`, { as, body });
}

interface Situation {
  readonly rig: Rig;
  readonly api: Api;
}

async function asking(): Promise<Situation> {
  const plan = planAsking({ approvals: '{people: 2, within: 30m}' });
  const rig = await drillAt('locked', { plan, startedBy: 'user/ana' });
  await rig.steps.checkGuardrails();
  await rig.watch(8_000);
  await rig.steps.awaitApproval();
  return { rig, api: apiOf(rig) };
}

async function deployed(): Promise<Situation> {
  const rig = await drillAt('deployed', { plan: planAsking({ triggers: COMPLAINTS }) });
  await rig.steps.awaitTrigger();
  return { rig, api: apiOf(rig) };
}

async function deciding(): Promise<Situation> {
  const plan = planAsking({ rollback: 'confirm: {within: 2m}\n  hold: {upTo: 10m}', triggers: COMPLAINTS });
  const rig = await drillAt('triggered', { plan });
  await rig.steps.awaitDecision();
  return { rig, api: apiOf(rig) };
}
