import { describe, expect, test } from 'vitest';
import { planAsking } from '../../fixtures/people.ts';
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

describe('where a person is to confirm it, nobody is asked', () => {
  const plan = planAsking({ rollback: 'confirm: {within: 2m}\n  hold: {upTo: 10m}' });

  test.each([
    ['about an abort', { kind: 'aborted', reason: 'enough' }],
    ['about a release of somebody else', { kind: 'overtaken', reason: 'shop:9' }],
    ['after a fault', { kind: 'fault', state: 'DeployKnownBad', error: 'Lambda.Unknown' } as const],
    [
      'when the witness is silent',
      { kind: 'fault', state: 'AwaitTrigger', error: 'States.HeartbeatTimeout' } as const,
    ],
    [
      'when the bad release went undetected',
      { kind: 'fault', state: 'AwaitTrigger', error: 'States.Timeout' } as const,
    ],
    [
      'when the witness falls silent meanwhile',
      { kind: 'fault', state: 'AwaitDecision', error: 'States.HeartbeatTimeout' } as const,
    ],
  ])('%s', async (_, previous) => {
    const rig = await drillAt('deployed', { plan });
    expect(await rig.steps.decideRollback(previous)).toMatchObject({ kind: 'roll-back' });
    expect((await rig.drill()).phase).toBe('rolling-back');
    expect(await rig.entries('decision-asked')).toEqual([]);
  });

  test('about a trigger of a drill that was aborted at the same moment', async () => {
    const rig = await drillAt('deployed', { plan });
    await rig.stores.journal.requestAbort('drill-1', { by: 'user/ana', reason: 'enough' });
    expect(await rig.steps.decideRollback(TRIGGER)).toMatchObject({ kind: 'roll-back' });
  });
});

describe('a trigger', () => {
  const plan = planAsking({ rollback: 'confirm: {within: 2m}' });

  test('is asked about, with the limits of the wait', async () => {
    const rig = await drillAt('deployed', { plan });
    expect(await rig.steps.decideRollback(TRIGGER)).toEqual({
      kind: 'ask',
      reason: 'trigger: smoke-red',
      waitSeconds: 120,
      silenceSeconds: 30,
    });
    expect((await rig.drill()).phase).toBe('deciding');
    expect((await rig.entries('mark')).map(({ mark }) => mark)).not.toContain('rollbackDecided');
  });

  test('is asked about once: run again, the time that has passed counts', async () => {
    const rig = await drillAt('deployed', { plan });
    const enteredAt = new Date(rig.clock.now()).toISOString();
    await rig.steps.decideRollback(TRIGGER, { enteredAt });
    await rig.clock.advance(100_000);
    expect(await rig.steps.decideRollback(TRIGGER, { enteredAt, retries: 1 })).toMatchObject({
      waitSeconds: 20,
    });
    expect(await rig.entries('decision-asked')).toHaveLength(1);
  });

  test('that nobody answers is rolled back', async () => {
    const rig = await drillAt('deployed', { plan });
    await rig.steps.decideRollback(TRIGGER);
    await rig.clock.advance(120_000);
    const silence = { kind: 'fault', state: 'AwaitDecision', error: 'States.Timeout' } as const;
    expect(await rig.steps.decideRollback(silence)).toEqual({
      kind: 'roll-back',
      reason: 'nobody decided within 2m',
    });
    expect(await rig.entries('fault')).toEqual([]);
    expect((await rig.drill()).phase).toBe('rolling-back');
  });

  test('whose hold is nearly over is not asked about again', async () => {
    const rig = await drillAt('deployed', { plan });
    await rig.steps.decideRollback(TRIGGER);
    const until = new Date(rig.clock.now() + 4_000).toISOString();
    const by = { by: 'user/bob', arn: 'arn', at: until, reason: 'x' };
    await rig.append({ kind: 'decision', key: 'decision/0', verdict: 'hold', until, ...by });
    expect(await rig.steps.decideRollback({ kind: 'held', reason: 'x' })).toMatchObject({
      kind: 'roll-back',
    });
  });
});

const TRIGGER = { kind: 'trigger', reason: 'smoke-red' };
