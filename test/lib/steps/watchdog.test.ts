import { describe, expect, test } from 'vitest';
import { emergencyOf } from '../../../lib/drill/emergency.ts';
import { entriesOf } from '../../../lib/drill/journal.ts';
import type { Receipt } from '../../../lib/drill/seal.ts';
import { verify } from '../../../lib/drill/verify.ts';
import { planWith } from '../../fixtures/plan.ts';
import { drillAt, type Rig, startRig } from '../../fixtures/rig.ts';
import { RESOURCE } from '../../fixtures/scripted-service.ts';

describe('does nothing', () => {
  test('for a drill that never opened a journal', async () => {
    const rig = startRig();
    expect(await rig.watchdog()).toMatchObject({ kind: 'nothing-to-do' });
    expect(rig.stores.stopped).toEqual([]);
  });

  test('for a sealed drill, but disarm its deadline and put its receipt into the archive', async () => {
    const rig = await drillAt('validated');
    await rig.steps.stabilise();
    await rig.watch(62_000);
    await rig.steps.sealReceipt();
    const receipt = await rig.stores.receipts.find('drill-1');
    await rig.stores.deadline.arm('drill-1', rig.clock.now(), emergencyOf(await rig.drill()));
    rig.stores.archive.clear();
    expect(await rig.watchdog()).toMatchObject({ kind: 'nothing-to-do' });
    expect(rig.stores.schedules.size).toBe(0);
    expect(rig.stores.stopped).toEqual([]);
    expect(await rig.stores.receipts.find('drill-1')).toEqual(receipt);
    expect([...rig.stores.archive.values()]).toEqual([receipt]);
  });

  test('more once another watchdog has taken the drill over: the later one finishes', async () => {
    const rig = await drillAt('triggered');
    const first = rig.watchdog('the execution ended as FAILED');
    await rig.clock.advance(500);
    const second = rig.watchdog('the deadline has passed');
    expect(await first).toEqual({ kind: 'nothing-to-do', reason: 'somebody else has taken the drill over' });
    expect(await second).toMatchObject({ kind: 'sealed', outcome: 'rescued' });
    expect(rig.service.effects).toEqual(['deploy', 'ecs-stop-deployment']);
    expect(rig.stores.archive.size).toBe(1);
  });

  test('to a target whose drill lost its lock to another one', async () => {
    const rig = await drillAt('triggered');
    await rig.stores.locks.release(RESOURCE, 'drill-1');
    await rig.stores.locks.acquire(RESOURCE, 'drill-2', 60_000);
    await expect(rig.watchdog()).rejects.toMatchObject({ name: 'FenceRaised' });
    expect(rig.service.effects).toEqual(['deploy']);
  });
});

describe('a drill that touched nothing', () => {
  test.each(['locked', 'steady'] as const)(
    'and died when it was %s is kept as a record without a number',
    async (stage) => {
      const rig = await drillAt(stage);
      expect(await rig.watchdog()).toMatchObject({ outcome: 'aborted' });
      expect(await rig.stores.receipts.find('drill-1')).toMatchObject({ number: null });
      expect(await rig.stores.locks.holder(RESOURCE)).toBeUndefined();
      expect(rig.service.effects).toEqual([]);
    },
  );

  test('and was refused before it died stays refused', async () => {
    const rig = await drillAt('locked');
    rig.service.refusals.push({ name: 'target-active', verdict: 'refused', reason: 'DRAINING' });
    await rig.steps.checkGuardrails();
    expect(await rig.watchdog()).toMatchObject({ outcome: 'refused' });
  });

  test('and died before it held the lock takes nothing from the drill that does', async () => {
    const first = await drillAt('locked');
    const second = startRig({ drillId: 'drill-2', beside: first });
    await second.steps.loadPlan();
    await second.watchdog();
    expect(await second.stores.locks.holder(RESOURCE)).toBe('drill-1');
  });

  test('and died after its number is aborted, with a receipt', async () => {
    const rig = await drillAt('armed');
    expect(await rig.watchdog()).toMatchObject({ outcome: 'aborted' });
    expect(await receiptOf(rig)).toMatchObject({ number: 1, commands: [] });
  });
});

describe('a drill that died while the known-bad release ran', () => {
  test.each(['deployed', 'triggered', 'rolling-back'] as const)('(%s) is rescued', async (stage) => {
    const rig = await drillAt(stage);
    expect(await rig.watchdog()).toMatchObject({ outcome: 'rescued' });
    expect(rig.service.effects).toEqual(['deploy', 'ecs-stop-deployment']);
    expect(rig.service.serving()).toBe('v4');
    const { validations, path } = await receiptOf(rig);
    expect(validations.map(({ verdict }) => verdict)).toEqual(['passed', 'passed']);
    expect(path.used).toBe('ecs-stop-deployment');
    expect(rig.stores.stopped).toEqual(['arn:execution:drill-1']);
    expect(await rig.stores.locks.holder(RESOURCE)).toBeUndefined();
    expect(rig.stores.schedules.size).toBe(0);
  });

  test('is not sealed before a person was paged when no path restores it', async () => {
    const rig = await drillAt('triggered');
    for (const path of ['ecs-stop-deployment', 'ecs-previous-task-definition'] as const)
      rig.service.stuck.add(path);
    expect(await rig.watchdog()).toMatchObject({ outcome: 'not-restored', whole: false });
    expect(rig.announced.find(({ subject }) => !subject.startsWith('PAGE'))).toMatchObject({
      subject: 'NOT RESTORED: ecs:demo/shop',
      message: expect.stringContaining('aws ecs back'),
    });
    expect(await rig.entries('paged')).toHaveLength(1);
    expect(rig.service.effects).toEqual(['deploy', 'ecs-stop-deployment', 'ecs-previous-task-definition']);
  });

  test('is sealed although nobody could be paged, and the receipt says so', async () => {
    const rig = await drillAt('triggered', {
      through: (ports) => ({
        ...ports,
        announcer: { announce: () => Promise.reject(new Error('no topic')) },
      }),
    });
    for (const path of ['ecs-stop-deployment', 'ecs-previous-task-definition'] as const)
      rig.service.stuck.add(path);
    expect(await rig.watchdog()).toMatchObject({ outcome: 'not-restored', whole: false });
    expect((await receiptOf(rig)).gaps).toContainEqual(
      expect.objectContaining({
        code: 'page-not-delivered',
        severity: 'serious',
        message: 'nobody could be paged: NOT RESTORED: ecs:demo/shop',
      }),
    );
    expect(await rig.entries('paged')).toEqual([]);
  });

  test('gives a path that is under way only the time that it has left', async () => {
    const rig = await drillAt('triggered');
    rig.service.stuck.add('ecs-stop-deployment');
    await rig.steps.rollBack({ kind: 'roll-back', reason: 'a trigger' });
    const called = rig.clock.now();
    await rig.clock.advance(100_000);
    await rig.watchdog();
    const [, second] = (await rig.entries('path')).filter(({ result }) => result === 'accepted');
    expect(second).toMatchObject({ path: 'ecs-previous-task-definition' });
    expect(Date.parse(second?.at ?? '') - called).toBeLessThan(130_000);
  });

  test('is restored although the answer to a call was lost', async () => {
    const rig = await drillAt('triggered');
    rig.service.mishaps.set('ecs-stop-deployment', 'answer-lost');
    expect(await rig.watchdog()).toMatchObject({ outcome: 'rescued' });
    expect(rig.service.effects).toEqual(['deploy', 'ecs-stop-deployment']);
  });

  test('is left to whoever has deployed something else in the meantime', async () => {
    const rig = await drillAt('triggered');
    rig.service.overtake();
    expect(await rig.watchdog()).toMatchObject({ outcome: 'compromised' });
    expect(rig.service.effects).toEqual(['deploy']);
  });

  test('is sealed by a later run when this one ends before the sealer has answered', async () => {
    const wakes: (number | undefined)[] = [];
    const rig: Rig = await drillAt('triggered', {
      through: (ports) => ({
        ...ports,
        sealer: {
          ...ports.sealer,
          async seal(drill) {
            wakes.push(rig.stores.schedules.get('drill-1'));
            return ports.sealer.seal(drill);
          },
        },
      }),
    });
    rig.stores.schedules.clear();
    expect(await rig.watchdog()).toMatchObject({ kind: 'sealed' });
    expect(wakes).toEqual([expect.any(Number)]);
    expect(rig.stores.schedules.size).toBe(0);
  });

  test('keeps the samples of a witness that is still alive, and its own', async () => {
    const rig = await drillAt('deployed');
    const watching = rig.watch(12_000);
    const rescue = rig.watchdog();
    await rig.clock.advance(60_000);
    await Promise.allSettled([watching]);
    expect(await rescue).toMatchObject({ outcome: 'rescued' });
    const { samples, next } = await rig.stores.series.read('drill-1');
    expect(next).toBeGreaterThan(2);
    const { probes, marks } = await receiptOf(rig);
    const deployedAt = Date.parse(marks.badDeployStarted.at ?? '');
    expect(probes.series).toEqual(['series/drill-1.jsonl']);
    expect(probes.summary?.total).toBe(samples.filter(({ at }) => at >= deployedAt).length);
  });
});

describe('a drill that died when it was restored', () => {
  test('is not sealed as not restored before a person was paged', async () => {
    const rig = await drillAt('validated', { plan: planWith(['stabilise: 60s', 'stabilise: 15m']) });
    await rig.clock.advance(1_000);
    rig.service.showBad(2_000);
    await rig.watch(5_000);
    expect(await rig.watchdog()).toMatchObject({ outcome: 'not-restored', whole: false });
    expect(rig.announced.map(({ subject }) => subject)).toContain('NOT RESTORED: ecs:demo/shop');
    expect(await rig.entries('paged')).toHaveLength(1);
  });

  test('is not restored again; what is left is validated and watched, and it is judged like any other', async () => {
    const rig = await drillAt('restored');
    const began = rig.clock.now();
    await rig.watchdog();
    expect(rig.service.effects).toEqual(['deploy', 'ecs-stop-deployment']);
    const { validations, marks, outcome } = await receiptOf(rig);
    expect(validations.map(({ verdict }) => verdict)).toEqual(['passed', 'passed']);
    expect(Date.parse(marks.allClear.at ?? '') - began).toBeGreaterThanOrEqual(60_000);
    expect(outcome).toBe('passed');
  });

  test('is restored by the next path when the known-bad release comes back in the quiet period', async () => {
    const rig = await drillAt('validated');
    const rescue = rig.watchdog();
    await rig.clock.advance(10_000);
    rig.service.showBad(1_500);
    await rescue;
    expect(rig.service.effects.at(-1)).toBe('ecs-previous-task-definition');
    expect(rig.service.serving()).toBe('v4');
    expect((await receiptOf(rig)).outcome).toBe('rescued');
  });
});

test('a validation that broke is not made up for after the all-clear, and the receipt verifies', async () => {
  const rig = await drillAt('restored', { plan: planWith(['stabilise: 60s', 'stabilise: 5s']) });
  await rig.steps.validate('buy');
  await rig.steps.stabilise();
  await rig.watch(10_000);
  await rig.watchdog();
  const receipt = await receiptOf(rig);
  expect(receipt.validations.map(({ verdict }) => verdict)).toEqual(['passed', 'unknown']);
  expect(verify([receipt])).toEqual([]);
});

test('a watchdog that died is followed by one that goes on where it was', async () => {
  const rig = await drillAt('triggered', {
    plan: planWith(['stabilise: 60s', 'stabilise: 5s']),
    through: dyingOnce(),
  });
  await expect(rig.watchdog()).rejects.toThrow('the function was killed');
  expect(await rig.watchdog()).toMatchObject({ outcome: 'rescued' });
  expect(rig.service.effects).toEqual(['deploy', 'ecs-stop-deployment']);
  expect((await rig.entries('taken-over')).length).toBe(2);
});

function dyingOnce(): NonNullable<Parameters<typeof startRig>[0]>['through'] & object {
  let dies = true;
  return (ports) => ({
    ...ports,
    probe: (plan) => async (signal) => {
      const { journal } = await ports.journal.read('drill-1');
      if (dies && entriesOf(journal, 'taken-over').length > 0) {
        dies = false;
        throw new Error('the function was killed');
      }
      return ports.probe(plan)(signal);
    },
  });
}

async function receiptOf(rig: Rig): Promise<Receipt> {
  return (await rig.stores.receipts.find('drill-1')) as Receipt;
}
