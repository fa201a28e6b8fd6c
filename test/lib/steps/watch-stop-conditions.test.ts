import { describe, expect, test } from 'vitest';
import { calmSurroundings } from '../../fixtures/memory/surroundings.ts';
import { planWith } from '../../fixtures/plan.ts';
import { drillAt, type Rig } from '../../fixtures/rig.ts';

const PATIENT = ['smoke failed 3 times running', 'smoke failed 90 times running'] as const;

function stopping(conditions: string) {
  return planWith(PATIENT, ['stabilise: 60s', `stabilise: 60s\nstopConditions: ${conditions}`]);
}

async function outcomeOf(rig: Rig): Promise<unknown> {
  await rig.steps.decideRollback(rig.told('AwaitTrigger'));
  await rig.steps.rollBack({ kind: 'roll-back', reason: 'x' });
  await rig.steps.awaitRestored();
  await rig.watch(20_000);
  await Promise.all([rig.steps.validate('buy'), rig.steps.validate('search')]);
  await rig.steps.stabilise();
  await rig.watch(70_000);
  return rig.steps.sealReceipt(rig.told('Stabilise'));
}

describe('while the trigger is awaited', () => {
  test.each([
    [
      '{ maximumFailingShare: 50%, minimumSamples: 5 }',
      'maximum-failing-share',
      /^\d+ of \d+ probes failed .* > 50 %/,
    ],
    ['{ maximumBadFor: 5s, minimumSamples: 1 }', 'maximum-bad-for', /^probes have failed for \ds > 5s/],
  ])(
    'a drill that exceeds %s is not left to go on: it ends as an abort does',
    async (conditions, name, reason) => {
      const plan = stopping(conditions);
      const rig = await drillAt('deployed', { plan });
      await rig.steps.awaitTrigger();
      await rig.watch(20_000);
      expect(rig.told('AwaitTrigger')).toEqual({ kind: 'aborted', reason: expect.stringMatching(reason) });
      expect(await rig.entries('aborted')).toMatchObject([{ by: `stop condition ${name}` }]);
      expect(await outcomeOf(rig)).toMatchObject({ outcome: 'aborted', whole: true });
      expect(rig.service.serving()).toBe('v4');
    },
  );

  test('an alarm that goes to ALARM stops the drill', async () => {
    const surroundings = calmSurroundings();
    surroundings.alarms.set('orders', 'OK');
    const rig = await drillAt('deployed', { plan: stopping('{ alarms: [orders] }'), surroundings });
    await rig.steps.awaitTrigger();
    await rig.watch(7_000);
    expect(rig.told('AwaitTrigger')).toBeUndefined();
    rig.surroundings.alarms.set('orders', 'ALARM');
    await rig.watch(7_000);
    expect(rig.told('AwaitTrigger')).toMatchObject({
      kind: 'aborted',
      reason: expect.stringContaining('orders'),
    });
  });

  test('a trigger that came first is not undone by a stop condition', async () => {
    const plan = planWith([
      'stabilise: 60s',
      'stabilise: 60s\nstopConditions: { maximumBadFor: 4s, minimumSamples: 1 }',
    ]);
    const rig = await drillAt('deployed', { plan });
    await rig.steps.awaitTrigger();
    await rig.watch(30_000);
    expect(rig.told('AwaitTrigger')).toMatchObject({ kind: 'trigger' });
    expect(await rig.entries('aborted')).toEqual([]);
  });
});

test('once the rollback is decided, a limit that is exceeded is a serious gap, once, and stops nothing', async () => {
  const plan = planWith([
    'stabilise: 60s',
    'stabilise: 60s\nstopConditions: { maximumBadFor: 4s, minimumSamples: 1 }',
  ]);
  const rig = await drillAt('triggered', { plan });
  rig.service.breakDown(8_000);
  await rig.steps.rollBack({ kind: 'roll-back', reason: 'a trigger' });
  await rig.steps.awaitRestored();
  await rig.watch(30_000);
  expect(await rig.entries('gap')).toMatchObject([{ code: 'impact-limit-exceeded', severity: 'serious' }]);
  expect(await rig.entries('aborted')).toEqual([]);
  expect(rig.told('AwaitRestored')).toMatchObject({ kind: 'restored' });
});

describe('the safety switch', () => {
  const on = { kind: 'on', reason: 'incident 4711' } as const;

  test.each(['steady', 'deployed', 'rolling-back', 'validated'] as const)(
    'stops a drill that is %s like an abort does',
    async (stage) => {
      const rig = await drillAt(stage);
      if (stage === 'deployed') await rig.steps.awaitTrigger();
      if (stage === 'validated') await rig.steps.stabilise();
      rig.surroundings.safetySwitch = on;
      await rig.watch(7_000);
      expect((await rig.drill()).abort).toMatchObject({
        by: 'stop condition safety-switch',
        reason: expect.stringContaining('incident 4711'),
      });
      if (stage === 'steady') expect(await rig.steps.armWatchdog()).toMatchObject({ kind: 'refused' });
      if (stage === 'deployed') expect(rig.told('AwaitTrigger')).toMatchObject({ kind: 'aborted' });
      if (stage === 'validated') expect(rig.told('Stabilise')).toMatchObject({ kind: 'aborted' });
    },
  );

  test('stops the measuring of the steady state', async () => {
    const rig = await drillAt('locked');
    await rig.steps.checkGuardrails();
    rig.surroundings.safetySwitch = on;
    await rig.watch(4_000);
    expect(rig.told('CheckGuardrails')).toMatchObject({ kind: 'refused' });
  });

  test('that cannot be read during the drill stops neither the drill nor its witness, and is told once', async () => {
    const rig = await drillAt('deployed');
    await rig.steps.awaitTrigger();
    rig.surroundings.broken.set('safetySwitch', new Error('throttled'));
    expect(await rig.watch(30_000)).toEqual({ kind: 'watching' });
    expect(rig.told('AwaitTrigger')).toMatchObject({ kind: 'trigger' });
    expect(await rig.entries('gap')).toMatchObject([
      { code: 'stop-condition-unreadable', severity: 'notice', evidence: 'Error: throttled' },
    ]);
  });

  test('that does not answer keeps the witness from nothing', async () => {
    let hangs = false;
    const rig = await drillAt('deployed', {
      through: (ports) => ({
        ...ports,
        safetySwitch: {
          ...ports.safetySwitch,
          read: () => (hangs ? new Promise(() => {}) : ports.safetySwitch.read()),
        },
      }),
    });
    hangs = true;
    await rig.steps.awaitTrigger();
    await rig.watch(12_000);
    expect(rig.told('AwaitTrigger')).toMatchObject({ kind: 'trigger' });
  });
});
