import { describe, expect, test } from 'vitest';
import type { Word } from '../../../lib/drill/people/decision.ts';
import { decide } from '../../../lib/steps/decide.ts';
import { identity, planAsking } from '../../fixtures/people.ts';
import { DRILL_ID, drillAt, type Rig } from '../../fixtures/rig.ts';

const ROLL_BACK: Word = { kind: 'roll-back' };
const HOLD: Word = { kind: 'hold', forMs: null };
const SILENCE = { kind: 'fault', state: 'AwaitDecision', error: 'States.Timeout' } as const;
const CONFIRM = planAsking({ rollback: 'confirm: {within: 2m}' });
const CONFIRM_OR_HOLD = planAsking({ rollback: 'confirm: {within: 2m}\n  hold: {upTo: 10m}' });

describe('nobody decides', () => {
  test('in a plan that decides by itself', async () => {
    const rig = await drillAt('triggered');
    expect(await says(rig, 'bob', ROLL_BACK)).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('the rollback was decided at'),
    });
    const early = await drillAt('deployed');
    expect(await says(early, 'bob', HOLD)).toMatchObject({
      kind: 'refused',
      reason: 'the plan decides by itself: it has no rollback.confirm',
    });
  });

  test('before a trigger fired', async () => {
    const rig = await drillAt('deployed', { plan: CONFIRM });
    expect(await says(rig, 'bob', ROLL_BACK)).toMatchObject({
      kind: 'refused',
      reason: 'nobody is asked yet; the drill is in DeployKnownBad',
    });
  });

  test('after it was decided', async () => {
    const rig = await asked();
    await rig.steps.decideRollback(SILENCE);
    expect(await says(rig, 'bob', ROLL_BACK)).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('nobody decided within 2m'),
    });
  });

  test('to hold what the plan does not let them hold', async () => {
    const rig = await asked();
    expect(await says(rig, 'bob', HOLD)).toMatchObject({
      kind: 'refused',
      reason: 'the plan does not let anybody hold the rollback: it has no rollback.hold',
    });
    expect(rig.told('AwaitDecision')).toBeUndefined();
  });

  test('to hold it longer than the plan allows, however often', async () => {
    const rig = await asked(CONFIRM_OR_HOLD);
    const [question] = await rig.entries('decision-asked');
    const limit = new Date(Date.parse(question?.at ?? '') + 600_000).toISOString();
    expect(await says(rig, 'bob', { kind: 'hold', forMs: 3_600_000 })).toMatchObject({
      kind: 'held',
      until: limit,
    });
    expect(await says(rig, 'carol', HOLD)).toMatchObject({
      kind: 'refused',
      reason: `the rollback waits until ${limit} already, and can be held for 10m in all, until ${limit}`,
    });
  });
});

test('a word to roll back ends the wait, and is the decision, by that person and from that moment', async () => {
  const rig = await asked();
  await rig.clock.advance(20_000);
  expect(await says(rig, 'bob', ROLL_BACK)).toMatchObject({ kind: 'roll-back', until: null });
  const [word] = await rig.entries('decision');
  await rig.clock.advance(3_000);
  expect(rig.told('AwaitDecision')).toMatchObject({ kind: 'confirmed' });
  expect(await rig.steps.decideRollback(rig.told('AwaitDecision'))).toMatchObject({ kind: 'roll-back' });
  const marks = await rig.entries('mark');
  expect(marks.find(({ mark }) => mark === 'rollbackDecided')).toMatchObject({
    at: word?.at,
    source: 'person',
    evidence: 'confirmed by user/bob: it hurts',
  });
});

test('a hold begins another wait, several times, and then it rolls back', async () => {
  const rig = await asked(CONFIRM_OR_HOLD);
  expect(await says(rig, 'bob', { kind: 'hold', forMs: 180_000 })).toMatchObject({ kind: 'held' });
  expect(await rig.steps.decideRollback(rig.told('AwaitDecision'))).toMatchObject({
    kind: 'ask',
    waitSeconds: 180,
    silenceSeconds: 30,
  });
  await rig.steps.awaitDecision();
  await rig.clock.advance(60_000);
  expect(await says(rig, 'carol', HOLD)).toMatchObject({ kind: 'held' });
  expect(await rig.steps.decideRollback(rig.told('AwaitDecision'))).toMatchObject({
    kind: 'ask',
    waitSeconds: 540,
  });
  await rig.steps.awaitDecision();
  expect(rig.told('AwaitDecision')).toBeUndefined();
  expect(await rig.steps.decideRollback(SILENCE)).toEqual({
    kind: 'roll-back',
    reason: expect.stringMatching(/^held by user\/carol until .*, and nobody decided otherwise$/),
  });
});

test('one who decides while another holds is not lost', async () => {
  const rig = await asked(CONFIRM_OR_HOLD);
  const said = await Promise.all([says(rig, 'bob', HOLD), says(rig, 'carol', ROLL_BACK)]);
  expect(said.map(({ kind }) => kind)).toContain('roll-back');
  expect(await rig.steps.decideRollback(rig.told('AwaitDecision'))).toMatchObject({
    kind: 'roll-back',
    reason: 'confirmed by user/carol: it hurts',
  });
});

test('a word whose sender died is heard by the witness', async () => {
  const rig = await asked();
  const dead = {
    ...rig.ports,
    waits: {
      ...rig.ports.waits,
      signal: async (...given: Parameters<typeof rig.ports.waits.signal>) => {
        const [{ opened }, , , entries] = given;
        await rig.ports.journal.append({ opened, fence: null }, entries);
        throw new Error('killed');
      },
    },
  };
  await expect(
    decide(dead, DRILL_ID, { by: identity('bob'), word: ROLL_BACK, reason: 'x' }),
  ).rejects.toThrow();
  expect(await rig.steps.decideRollback(SILENCE)).toMatchObject({ reason: 'confirmed by user/bob: x' });
});

function says(rig: Rig, name: string, word: Word) {
  return decide(rig.ports, DRILL_ID, { by: identity(name), word, reason: 'it hurts' });
}

/** A trigger has fired, and a person is asked. */
async function asked(plan = CONFIRM): Promise<Rig> {
  const rig = await drillAt('triggered', { plan });
  await rig.steps.awaitDecision();
  return rig;
}
