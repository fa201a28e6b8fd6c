import { describe, expect, test } from 'vitest';
import { drillLimitMs } from '../../../lib/drill/limits.ts';
import type { Receipt } from '../../../lib/drill/seal.ts';
import type { Recovery } from '../../../lib/steps/watchdog.ts';
import { planWith } from '../../fixtures/plan.ts';
import { drillAt, type Rig } from '../../fixtures/rig.ts';
import { RESOURCE } from '../../fixtures/scripted-service.ts';

const RUN_MS = 13 * 60_000;
const HOUR_MS = 60 * 60_000;

describe('a drill that takes longer than the function may run', () => {
  test('is watched through a quiet period of an hour, run after run, and sealed at its end', async () => {
    const rig = await drillAt('restored', { plan: planWith(['stabilise: 60s', 'stabilise: 1h']) });
    const { recovery, runs } = await untilSealed(rig);
    expect(recovery).toMatchObject({ kind: 'sealed', outcome: 'passed' });
    expect(runs).toBeGreaterThan(4);
    const { marks, steps } = await receiptOf(rig);
    expect(Date.parse(marks.allClear.at ?? '') - Date.parse(marks.restored.at ?? '')).toBeGreaterThan(
      HOUR_MS,
    );
    expect(steps.filter(({ name }) => name === 'Stabilise')).toHaveLength(1);
    expect(rig.service.effects).toEqual(['deploy', 'ecs-stop-deployment']);
  });

  test('is restored again when the known-bad release comes back in the last run', async () => {
    const rig = await drillAt('restored', { plan: planWith(['stabilise: 60s', 'stabilise: 20m']) });
    rig.clock.advance(18 * 60_000).then(() => rig.service.showBad(2_000));
    const { recovery } = await untilSealed(rig);
    expect(recovery).toMatchObject({ kind: 'sealed', outcome: 'failed' });
    expect((await receiptOf(rig)).reasons.join()).toMatch(
      /rollback speed .* > target|rehearsal timer .* > budget/,
    );
    expect(rig.service.effects.at(-1)).toBe('ecs-previous-task-definition');
    expect(rig.service.serving()).toBe('v4');
  });

  test('is given its whole time to be restored', async () => {
    const rig = await drillAt('triggered', { plan: planWith(['within: 2m', 'within: 30m']) });
    rig.service.stuck.add('ecs-stop-deployment');
    const { recovery } = await untilSealed(rig);
    expect(recovery).toMatchObject({ kind: 'sealed' });
    const [first, second] = (await rig.entries('path')).filter(({ result }) => result === 'accepted');
    expect(second?.path).toBe('ecs-previous-task-definition');
    expect(Date.parse(second?.at ?? '') - Date.parse(first?.at ?? '')).toBeGreaterThanOrEqual(30 * 60_000);
    expect(rig.service.effects).toHaveLength(3);
  });

  test('begins its quiet period anew when nobody has watched it for too long', async () => {
    const rig = await drillAt('validated', { plan: planWith(['stabilise: 60s', 'stabilise: 10m']) });
    await rig.steps.stabilise();
    await rig.watch(120_000);
    await rig.clock.advance(20 * 60_000);
    const taken = rig.clock.now();
    await untilSealed(rig);
    const { marks } = await receiptOf(rig);
    expect(Date.parse(marks.allClear.at ?? '') - taken).toBeGreaterThanOrEqual(10 * 60_000);
  });

  test('goes on with the quiet period where the witness has left it', async () => {
    const rig = await drillAt('validated', { plan: planWith(['stabilise: 60s', 'stabilise: 10m']) });
    await rig.steps.stabilise();
    await rig.watch(8 * 60_000);
    const taken = rig.clock.now();
    await untilSealed(rig);
    const { marks } = await receiptOf(rig);
    expect(Date.parse(marks.allClear.at ?? '') - taken).toBeLessThan(3 * 60_000);
  });
});

describe('a deadline that passes while the drill is alive', () => {
  test('does not disturb a quiet period that is within its limit', async () => {
    const rig = await drillAt('validated');
    await rig.steps.stabilise();
    const recovery = await rig.watchdog('the deadline', { isDeadline: true });
    expect(recovery).toMatchObject({ kind: 'postponed', reason: expect.stringContaining('Stabilise') });
    expect(rig.stores.stopped).toEqual([]);
    expect(rig.stores.schedules.get('drill-1')).toBe(rig.clock.now() + 180_000);
    await rig.watch(61_000);
    expect(await rig.steps.sealReceipt(rig.told('Stabilise'))).toMatchObject({ outcome: 'passed' });
  });

  test('does not leave it alone for ever', async () => {
    const rig = await drillAt('validated');
    await rig.steps.stabilise();
    await rig.clock.advance(181_000);
    expect(await rig.watchdog('the deadline', { isDeadline: true })).toMatchObject({ kind: 'sealed' });
  });

  test('restores what is not restored, however alive it is', async () => {
    const rig = await drillAt('rolling-back');
    rig.service.stuck.add('ecs-stop-deployment');
    expect(await rig.watchdog('the deadline', { isDeadline: true })).toMatchObject({ kind: 'sealed' });
    expect(rig.stores.stopped).toEqual(['arn:execution:drill-1']);
  });

  test('takes over what has ended, within its limit or not', async () => {
    const rig = await drillAt('validated');
    await rig.steps.stabilise();
    expect(await rig.watchdog('the execution ended as ABORTED')).toMatchObject({ kind: 'sealed' });
  });

  test('is later than all that a person may hold the rollback for', () => {
    const held = planWith(['rollback:\n', 'rollback:\n  confirm: { within: 2m }\n  hold: { upTo: 20m }\n']);
    expect(drillLimitMs(held) - drillLimitMs(planWith())).toBeGreaterThanOrEqual(20 * 60_000);
  });
});

test('the lease is kept while the watchdog works', async () => {
  const rig = await drillAt('restored', { plan: planWith(['stabilise: 60s', 'stabilise: 12m']) });
  const rescue = rig.watchdog();
  await rig.clock.advance(11 * 60_000);
  expect(await rig.stores.locks.acquire(RESOURCE, 'drill-2', 60_000)).toMatchObject({ hasExpired: false });
  expect(await rescue).toMatchObject({ kind: 'sealed' });
});

/** One run after the other, as the scheduler wakes them: within the minute that is due. */
async function untilSealed(rig: Rig): Promise<{ recovery: Recovery; runs: number }> {
  for (let runs = 1; runs <= 100; runs++) {
    const recovery = await rig.watchdog('it died', { endsAt: rig.clock.now() + RUN_MS });
    if (recovery.kind === 'sealed') return { recovery, runs };
    expect(recovery.kind).toBe('continues');
    await rig.clock.advance(60_000);
  }
  throw new Error('it was not sealed in 100 runs');
}

async function receiptOf(rig: Rig): Promise<Receipt> {
  return (await rig.stores.receipts.find('drill-1')) as Receipt;
}
