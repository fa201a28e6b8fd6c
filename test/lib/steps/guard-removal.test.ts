import { expect, test } from 'vitest';
import { guardRemoval, type RemovalInput } from '../../../lib/steps/guard-removal.ts';
import { outage } from '../../fixtures/outage.ts';
import { planWith } from '../../fixtures/plan.ts';
import { DRILL_ID, drillAt, type Rig, startRig } from '../../fixtures/rig.ts';

const WHY = 'what drills run on is being removed';
const REMOVED = { by: 'stack/RollbackDrills', reason: `aborted by stack/RollbackDrills: ${WHY}` };

test('a stack does not go while a drill has not ended, and is told which', async () => {
  const rig = await drillAt('triggered');
  const { kind, reason } = await guarded(rig, { endsAt: rig.clock.now() + 60_000 });
  expect(kind).toBe('refused');
  expect(reason).toContain(`drill ${DRILL_ID} has not ended yet`);
  expect(rig.service.serving()).toBe('v5-bad');
});

test('a stack does not go while it cannot be read whether a drill is open', async () => {
  const { away, through } = outage();
  const rig = await drillAt('triggered', { through });
  away.table = true;
  const { kind, reason } = await guarded(rig);
  expect(kind).toBe('refused');
  expect(reason).toContain('could not be read: Error: the table is away');
});

test('a stack that does not go lets drills start again, unless somebody else keeps them from it', async () => {
  const rig = await drillAt('triggered');
  await guarded(rig, { endsAt: rig.clock.now() + 10_000 });
  expect(await rig.surroundings.ports.safetySwitch.read()).toEqual({ kind: 'off' });
  rig.surroundings.safetySwitch = { kind: 'on', reason: 'an incident' };
  await guarded(rig, { endsAt: rig.clock.now() + 10_000 });
  expect(await rig.surroundings.ports.safetySwitch.read()).toEqual({ kind: 'on', reason: 'an incident' });
});

test('the stack goes when no drill is open; one that was sealed just before is archived by then', async () => {
  const rig = startRig();
  const before = rig.clock.now();
  expect(await guarded(rig)).toEqual({ kind: 'may-go', reason: 'no drill is open' });
  expect(rig.clock.now() - before).toBe(20_000);
});

test('a table that is away for a while keeps nothing from being ended, and the stack from nothing', async () => {
  const { away, through } = outage();
  const rig = await drillAt('locked', { through });
  away.table = true;
  const removal = guarded(rig);
  await rig.clock.advance(60_000);
  away.table = false;
  await rig.clock.advance(10_000);
  expect((await rig.drill()).abort).toEqual(REMOVED);
  await rig.watchdog();
  expect(await removal).toMatchObject({ kind: 'may-go' });
});

test('a drill that the watchdog has is not waited for through its quiet period', async () => {
  const rig = await drillAt('restored', { plan: planWith(['stabilise: 60s', 'stabilise: 15m']) });
  const rescue = rig.watchdog();
  await rig.clock.advance(30_000);
  expect(await guarded(rig)).toMatchObject({ kind: 'may-go' });
  expect(await rescue).toMatchObject({ kind: 'sealed', outcome: 'aborted' });
});

test('a drill that has deployed is ended, and the stack goes when the target is back and the receipt sealed', async () => {
  const rig = await drillAt('triggered');
  const removal = guarded(rig);
  await rig.clock.advance(20_000);
  expect(await rig.entries('aborted')).toMatchObject([REMOVED]);
  expect((await rig.drill()).abort).toEqual(REMOVED);
  expect(await rig.watchdog()).toMatchObject({ kind: 'sealed' });
  const sealedAt = rig.clock.now();
  expect(await removal).toMatchObject({ kind: 'may-go' });
  expect(rig.service.serving()).toBe('v4');
  // The archive is filled behind the seal.
  expect(rig.clock.now() - sealedAt).toBeGreaterThanOrEqual(20_000);
});

test('a drill that opens meanwhile is ended too', async () => {
  const rig = await drillAt('locked');
  const late = startRig({ drillId: 'drill-2', beside: rig });
  const removal = guarded(rig, { endsAt: rig.clock.now() + 60_000 });
  await rig.clock.advance(12_000);
  await late.steps.loadPlan();
  expect((await removal).reason).toContain(`2 drills have not ended yet (${DRILL_ID}, drill-2)`);
  expect((await late.drill()).abort).toEqual(REMOVED);
});

test('no drill starts any more: the safety switch of the stack is on', async () => {
  const rig = startRig();
  await guarded(rig);
  expect(await rig.surroundings.ports.safetySwitch.read()).toEqual({ kind: 'on', reason: WHY });
});

test('a safety switch that other stacks look at is left as it is', async () => {
  const rig = await drillAt('locked');
  const removal = guarded(rig, { ownsSafetySwitch: false });
  await rig.clock.advance(10_000);
  expect(await rig.surroundings.ports.safetySwitch.read()).toEqual({ kind: 'off' });
  expect((await rig.drill()).abort).toEqual(REMOVED);
  await rig.watchdog();
  expect(await removal).toMatchObject({ kind: 'may-go' });
});

function guarded(rig: Rig, input: Partial<RemovalInput> = {}) {
  const endsAt = rig.clock.now() + 14 * 60_000;
  return guardRemoval(rig.ports, { by: REMOVED.by, ownsSafetySwitch: true, endsAt, ...input });
}
