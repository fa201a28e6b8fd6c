import { expect, test } from 'vitest';
import { planWithMigration } from '../../fixtures/plan.ts';
import { drillAt } from '../../fixtures/rig.ts';

const GONE = { isReady: false, reason: 'the function undo is not there. Create it, or correct the plan.' };

test('nothing is deployed that could not be undone, also when its undo goes only after the first look', async () => {
  const rig = await drillAt('locked', { plan: planWithMigration() });
  rig.migrations.ready = GONE;
  await rig.steps.checkGuardrails();
  expect(rig.told('CheckGuardrails')).toEqual({ kind: 'refused', reason: `migration-undo: ${GONE.reason}` });
  const later = await drillAt('steady', { plan: planWithMigration() });
  later.migrations.ready = GONE;
  expect(await later.steps.armWatchdog()).toMatchObject({ kind: 'refused' });
});

test('an undo that cannot be read refuses', async () => {
  const rig = await drillAt('locked', {
    plan: planWithMigration(),
    through: (ports) => ({
      ...ports,
      migrations: { ...ports.migrations, readiness: () => Promise.reject(new Error('not authorised')) },
    }),
  });
  await rig.steps.checkGuardrails();
  expect(rig.told('CheckGuardrails')?.reason).toContain(
    'migration-undo: could not be read: Error: not authorised',
  );
});

test.each([
  ['before-rollback', 0],
  ['after-rollback', -1],
] as const)('the way back by hand has the undo %s', async (when, place) => {
  const rig = await drillAt('armed', { plan: planWithMigration(when) });
  const [captured] = await rig.entries('captured');
  expect(captured?.wayBack.length).toBeGreaterThan(1);
  expect(captured?.wayBack.at(place)).toBe('undo drill-1 1');
});
