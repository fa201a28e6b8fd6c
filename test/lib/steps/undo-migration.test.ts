import { describe, expect, test } from 'vitest';
import { LEASE_MS } from '../../../lib/drill/limits.ts';
import type { Receipt } from '../../../lib/drill/seal.ts';
import { verify } from '../../../lib/drill/verify.ts';
import { planWithMigration } from '../../fixtures/plan.ts';
import { drillAt, type Rig, type Stage } from '../../fixtures/rig.ts';
import { RESOURCE } from '../../fixtures/scripted-service.ts';

const DECIDED = { kind: 'roll-back', reason: 'a trigger' };
const UNDO = { kind: 'undo-migration', reason: 'ecs-stop-deployment accepted' };
const UNDO_FIRST = { kind: 'undo-first', reason: 'the plan wants it so' };
const BAD_AGAIN = { kind: 'bad-again', reason: 'the known-bad release was seen' };

describe('once for each rollback', () => {
  test('does not run an undo again that has ended', async () => {
    const rig = await migrating('rolling-back');
    for (const retries of [0, 1]) {
      expect(await rig.steps.undoMigration(UNDO, { retries })).toMatchObject({ kind: 'rolling-back' });
      await rig.clock.advance(100);
    }
    expect(rig.migrations.runs).toEqual(['drill-1/1']);
  });

  test('runs it again under the same name when its end was not heard of', async () => {
    const rig = await migrating('rolling-back');
    rig.migrations.mishaps.push('answer-lost', 'throttled');
    expect(await rig.steps.undoMigration(UNDO)).toMatchObject({ kind: 'rolling-back' });
    expect(rig.migrations.runs).toEqual(['drill-1/1', 'drill-1/1', 'drill-1/1']);
    expect(rig.migrations.effects).toEqual(['drill-1/1']);
    expect(await rig.entries('migration-undone')).toMatchObject([{ round: 1, result: 'undone' }]);
  });

  test('does nothing once somebody else has taken the drill over', async () => {
    const rig = await migrating('rolling-back');
    const drill = await rig.drill();
    await rig.stores.locks.raiseFence([RESOURCE], drill.opened.drillId, LEASE_MS);
    await expect(rig.steps.undoMigration(UNDO)).rejects.toMatchObject({ name: 'FenceRaised' });
    expect(rig.migrations.runs).toEqual([]);
  });

  test('runs it again for the next rollback, because the known-bad release may have migrated again', async () => {
    const rig = await migrating('rolling-back');
    await rig.steps.undoMigration(UNDO);
    await rig.clock.advance(1_000);
    expect(await rig.steps.rollBack(BAD_AGAIN)).toMatchObject({ kind: 'undo-migration' });
    await rig.clock.advance(1_000);
    await rig.steps.undoMigration(UNDO);
    expect(rig.migrations.effects).toEqual(['drill-1/1', 'drill-1/2']);
  });

  test('tells the call before it is made', async () => {
    const rig = await migrating('rolling-back');
    rig.migrations.mishaps.push('hangs');
    const asked = rig.steps.undoMigration(UNDO);
    while (rig.migrations.runs.length === 0) await rig.clock.advance(100);
    expect((await rig.entries('call')).at(-1)).toMatchObject({
      state: 'UndoMigration/1',
      command: 'undo drill-1 1',
    });
    await asked;
  });
});

describe('an undo that fails', () => {
  test.each([
    ['fails', 'the undo broke: no such column'],
    ['hangs', 'it has not ended within 20s, and may still be running'],
  ] as const)(
    '(%s) keeps nothing from being restored, and is paged for with its command',
    async (mishap, reason) => {
      const rig = await migrating('rolling-back');
      rig.migrations.mishaps.push(mishap);
      expect(await rig.steps.undoMigration(UNDO)).toEqual({ kind: 'rolling-back', reason });
      expect(await rig.entries('migration-undone')).toMatchObject([{ result: 'failed', reason }]);
      expect(pages(rig)).toMatchObject([
        {
          subject: 'MIGRATION NOT UNDONE: ecs:demo/shop',
          message: expect.stringContaining('undo drill-1 1'),
        },
      ]);
    },
  );

  test('ends the drill as failed, although everything else is as before', async () => {
    const rig = await migrating('rolling-back');
    rig.migrations.mishaps.push('fails');
    await rig.steps.undoMigration(UNDO);
    const receipt = await finished(rig);
    expect(receipt.outcome).toBe('failed');
    expect(receipt.reasons).toContain(
      'the migration of the known-bad release is not undone: the undo broke: no such column',
    );
    expect(receipt.gaps).toContainEqual(
      expect.objectContaining({ code: 'migration-undo-failed', severity: 'serious' }),
    );
    expect(receipt.commands).toContain('undo drill-1 1');
    expect(verify([receipt])).toEqual([]);
  });
});

test('a drill whose migration was undone passes, and its receipt tells of it', async () => {
  const rig = await migrating('rolling-back');
  await rig.steps.undoMigration(UNDO);
  const receipt = await finished(rig);
  expect(receipt).toMatchObject({ outcome: 'passed', migration: { round: 1, result: 'undone' } });
  expect(verify([receipt])).toEqual([]);
  expect(
    verify([{ ...receipt, migration: { round: 1, result: 'failed', reason: '', at: null } }]),
  ).not.toEqual([]);
});

test('a drill that never came to its undo does not pass', async () => {
  const receipt = await finished(await migrating('rolling-back'));
  expect(receipt).toMatchObject({ outcome: 'failed', migration: { result: 'not-ended' } });
});

describe('after the rollback', () => {
  test('is not run before the rollback was called', async () => {
    const rig = await migrating('triggered');
    expect(await rig.steps.rollBack(DECIDED)).toMatchObject({ kind: 'undo-migration' });
    expect(rig.service.effects).toEqual(['deploy', 'ecs-stop-deployment']);
    expect(rig.migrations.runs).toEqual([]);
  });

  test('is not run for somebody else’s release', async () => {
    const rig = await migrating('triggered');
    rig.service.overtake();
    expect(await rig.steps.rollBack(DECIDED)).toMatchObject({ kind: 'overtaken' });
  });
});

describe('before the rollback', () => {
  test('no rollback is called until the undo has ended', async () => {
    const rig = await migrating('triggered', 'before-rollback');
    expect(await rig.steps.rollBack(DECIDED)).toMatchObject({ kind: 'undo-first' });
    expect(rig.service.effects).toEqual(['deploy']);
    expect(await rig.steps.undoMigration(UNDO_FIRST)).toMatchObject({ kind: 'roll-back' });
    await rig.clock.advance(100);
    expect(await rig.steps.rollBack({ kind: 'roll-back', reason: 'undone' })).toMatchObject({
      kind: 'undo-migration',
    });
    await rig.steps.undoMigration(UNDO);
    expect(rig.service.effects).toEqual(['deploy', 'ecs-stop-deployment']);
    expect(rig.migrations.runs).toEqual(['drill-1/1']);
  });

  test('no page is waited for before the call, when the undo has failed', async () => {
    const rig = await migrating('triggered', 'before-rollback');
    rig.migrations.mishaps.push('fails');
    await rig.steps.rollBack(DECIDED);
    await rig.steps.undoMigration(UNDO_FIRST);
    expect(pages(rig)).toEqual([]);
    await rig.clock.advance(100);
    await rig.steps.rollBack({ kind: 'roll-back', reason: 'undone' });
    expect(rig.service.effects).toEqual(['deploy', 'ecs-stop-deployment']);
    await rig.clock.advance(100);
    await rig.steps.undoMigration(UNDO);
    expect(pages(rig)).toHaveLength(1);
    expect(rig.migrations.runs).toEqual(['drill-1/1']);
  });

  test('a target that rolls itself back waits for nothing, and is undone after it', async () => {
    const rig = await migrating('triggered', 'before-rollback');
    rig.service.rollBackItself();
    expect(await rig.steps.rollBack(DECIDED)).toMatchObject({ kind: 'undo-migration' });
    await rig.steps.undoMigration(UNDO);
    expect(rig.migrations.effects).toEqual(['drill-1/1']);
  });

  test('nothing is undone for somebody else’s release', async () => {
    const rig = await migrating('triggered', 'before-rollback');
    rig.service.overtake();
    expect(await rig.steps.rollBack(DECIDED)).toMatchObject({ kind: 'overtaken' });
  });
});

function migrating(
  stage: Stage,
  when: 'before-rollback' | 'after-rollback' = 'after-rollback',
): Promise<Rig> {
  return drillAt(stage, { plan: planWithMigration(when) });
}

function pages({ announced }: Rig): Rig['announced'] {
  return announced.filter(({ subject }) => subject.startsWith('MIGRATION NOT UNDONE'));
}

async function finished(rig: Rig): Promise<Receipt> {
  await rig.steps.awaitRestored();
  await rig.watch(15_000);
  await rig.clock.advance(100);
  await Promise.all([rig.steps.validate('buy'), rig.steps.validate('search')]);
  await rig.steps.stabilise();
  await rig.watch(62_000);
  await rig.steps.sealReceipt();
  return (await rig.stores.receipts.find('drill-1')) as Receipt;
}
