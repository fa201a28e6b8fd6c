import { expect, test } from 'vitest';
import type { Receipt } from '../../../lib/drill/seal.ts';
import { verify } from '../../../lib/drill/verify.ts';
import { drillAt, type Rig } from '../../fixtures/rig.ts';
import { RESOURCE } from '../../fixtures/scripted-service.ts';

test('does not seal a target that was not restored: the watchdog restores it first', async () => {
  const rig = await drillAt('rolling-back');
  await expect(rig.steps.sealReceipt()).rejects.toMatchObject({ name: 'NotRestored' });
  expect(await rig.stores.receipts.find('drill-1')).toBeUndefined();
  expect(await rig.stores.locks.holder(RESOURCE)).toBe('drill-1');
  expect(rig.stores.schedules.size).toBe(1);
});

test('does not seal what the witness saw come back when nobody was left to react', async () => {
  const rig = await drillAt('validated');
  await rig.clock.advance(1_000);
  rig.service.showBad(2_000);
  await rig.watch(5_000);
  await expect(rig.steps.sealReceipt()).rejects.toMatchObject({ name: 'NotRestored' });
  expect(await rig.entries('restored-voided')).toHaveLength(1);
});

test('does not seal after the watchdog has taken the drill over', async () => {
  const rig = await drillAt('validated');
  await rig.stores.locks.raiseFence([RESOURCE], 'drill-1', 60_000);
  await expect(rig.steps.sealReceipt()).rejects.toMatchObject({ name: 'FenceRaised' });
  expect(await rig.stores.receipts.find('drill-1')).toBeUndefined();
});

test.each(['disarm', 'release'])(
  'run again after it broke at %s, finishes with the same receipt',
  async (broken) => {
    let breaks = true;
    const once =
      <T extends unknown[]>(name: string, run: (...given: T) => Promise<void>) =>
      async (...given: T): Promise<void> => {
        if (name === broken && breaks) {
          breaks = false;
          throw new Error('throttled');
        }
        await run(...given);
      };
    const rig = await drillAt('validated', {
      through: (ports) => ({
        ...ports,
        deadline: { ...ports.deadline, disarm: once('disarm', ports.deadline.disarm) },
        locks: { ...ports.locks, release: once('release', ports.locks.release) },
      }),
    });
    await stabilised(rig);
    await expect(rig.steps.sealReceipt()).rejects.toThrow('throttled');
    const receipt = await rig.stores.receipts.find('drill-1');
    await rig.clock.advance(5_000);
    expect(await rig.steps.sealReceipt(undefined, { retries: 1 })).toMatchObject({
      outcome: 'passed',
      whole: true,
    });
    expect(await rig.stores.receipts.find('drill-1')).toEqual(receipt);
    expect(rig.stores.schedules.size).toBe(0);
    expect(await rig.stores.locks.holder(RESOURCE)).toBeUndefined();
    expect(rig.announced.filter(({ subject }) => subject.startsWith('Rollback drill'))).toHaveLength(1);
    expect(verify([receipt as Receipt])).toEqual([]);
  },
);

test('an announcement that fails for good does not break a sealed drill, and is told where it ends', async () => {
  const rig = await drillAt('validated', {
    through: (ports) => ({
      ...ports,
      announcer: { announce: () => Promise.reject(new Error('no topic')) },
    }),
  });
  await stabilised(rig);
  expect(await rig.steps.sealReceipt()).toMatchObject({
    outcome: 'passed',
    whole: true,
    reason: expect.stringContaining('not announced: Error: no topic'),
  });
  expect(await rig.stores.locks.holder(RESOURCE)).toBeUndefined();
});

test('what cannot be removed is a gap, not a reason to fail', async () => {
  const rig = await drillAt('validated', {
    through: (ports) => ({
      ...ports,
      target: (plan) => ({ ...ports.target(plan), tidyUp: () => Promise.reject(new Error('denied')) }),
    }),
  });
  await stabilised(rig);
  expect(await rig.steps.sealReceipt()).toMatchObject({ outcome: 'passed' });
  expect(await rig.entries('gap')).toMatchObject([{ code: 'left-over', severity: 'notice' }]);
});

test('a drill that was refused leaves a small record, no number and no place in the chain', async () => {
  const rig = await drillAt('locked');
  rig.service.refusals.push({ name: 'target-active', verdict: 'refused', reason: 'DRAINING' });
  await rig.steps.checkGuardrails();
  expect(await rig.steps.sealReceipt(rig.told('CheckGuardrails'))).toMatchObject({
    outcome: 'refused',
    whole: true,
  });
  expect(await rig.stores.receipts.find('drill-1')).toMatchObject({ number: null, outcome: 'refused' });
  expect(rig.stores.archive.size).toBe(0);
  expect(await rig.stores.journal.openDrills()).toEqual([]);
});

test('a drill that broke does not end well, whatever its outcome', async () => {
  const rig = await drillAt('locked');
  const fault = { kind: 'fault', state: 'CheckGuardrails', error: 'Lambda.Unknown' } as const;
  expect(await rig.steps.sealReceipt(fault)).toMatchObject({ outcome: 'refused', whole: false });
});

async function stabilised(rig: Rig): Promise<void> {
  await rig.steps.stabilise();
  await rig.watch(62_000);
}

test('what was measured is told once, by whoever has sealed, and nothing is of a drill that touched nothing', async () => {
  const rig = await drillAt('validated');
  await rig.steps.stabilise();
  await rig.watch(60_000);
  const { measured } = await rig.steps.sealReceipt();
  const receipt = (await rig.stores.receipts.find('drill-1')) as Receipt;
  expect(measured).toMatchObject({
    target: receipt.target,
    outcome: 'inconclusive',
    passed: 0,
    rehearsalTimerMs: receipt.figures.rehearsalTimerMs,
  });
  expect(await rig.steps.sealReceipt()).not.toHaveProperty('measured');
  expect(await (await drillAt('locked')).steps.sealReceipt()).not.toHaveProperty('measured');
});
