import { describe, expect, test } from 'vitest';
import type { Receipt } from '../../../lib/drill/seal.ts';
import { outage } from '../../fixtures/outage.ts';
import { planWithMigration } from '../../fixtures/plan.ts';
import { drillAt, type Rig, type Stage } from '../../fixtures/rig.ts';

const MODES = ['after-rollback', 'before-rollback'] as const;

describe('a drill that died', () => {
  test('before the known-bad release took effect is not undone', async () => {
    const rig = await died('armed');
    expect(await rig.watchdog()).toMatchObject({ outcome: 'aborted' });
    expect(rig.migrations.runs).toEqual([]);
  });

  test('after its undo is not undone again', async () => {
    const rig = await died('rolling-back');
    await rig.steps.undoMigration({ kind: 'undo-migration', reason: '' });
    expect(await rig.watchdog()).toMatchObject({ outcome: 'rescued' });
    expect(rig.migrations.runs).toEqual(['drill-1/1']);
  });

  test.each(MODES)('with the known-bad release live is undone once, %s', async (when) => {
    const rig = await died('triggered', when);
    expect(await rig.watchdog()).toMatchObject({ outcome: 'rescued' });
    expect(rig.service.effects).toEqual(['deploy', 'ecs-stop-deployment']);
    expect(rig.migrations.runs).toEqual(['drill-1/1']);
    const called = (await receiptOf(rig)).commands.slice(-2);
    const first = when === 'before-rollback' ? called[0] : called[1];
    expect(first).toBe('undo drill-1 1');
  });

  test('while its undo was under way is undone under the same name, also when the code is restored already', async () => {
    const rig = await died('rolling-back');
    rig.migrations.mishaps.push('hangs');
    const late = rig.steps.undoMigration({ kind: 'undo-migration', reason: '' });
    const end = late.catch(({ name }: Error) => name);
    while (rig.migrations.runs.length === 0) await rig.clock.advance(100);
    await rig.watch(15_000);
    expect(await rig.entries('restored')).toHaveLength(1);
    expect(await rig.watchdog()).toMatchObject({ kind: 'sealed', outcome: 'passed' });
    expect(rig.migrations.runs).toEqual(['drill-1/1', 'drill-1/1']);
    expect(await end).toBe('FenceRaised');
  });

  test('is restored, and fails, when the undo does', async () => {
    const rig = await died('triggered');
    rig.migrations.mishaps.push('fails');
    expect(await rig.watchdog()).toMatchObject({ outcome: 'failed' });
    expect(rig.service.serving()).toBe('v4');
    expect(pages(rig)).toEqual(['MIGRATION NOT UNDONE: ecs:demo/shop']);
  });

  test('is not undone beneath somebody else’s release', async () => {
    for (const when of MODES) {
      const rig = await died('triggered', when);
      rig.service.overtake();
      expect(await rig.watchdog()).toMatchObject({ outcome: 'compromised' });
      expect(rig.migrations.runs).toEqual([]);
    }
  });

  test('is undone by the next watchdog when this one has too little time left for it', async () => {
    const rig = await died('triggered');
    const endsAt = rig.clock.now() + 15_000;
    expect(await rig.watchdog('the execution ended', { endsAt })).toMatchObject({ kind: 'continues' });
    expect(rig.migrations.runs).toEqual([]);
    expect(await rig.watchdog()).toMatchObject({ outcome: 'rescued' });
    expect(rig.migrations.runs).toEqual(['drill-1/1']);
  });
});

describe('while the table does not answer', () => {
  test.each(MODES)(
    'nothing is undone, a person is asked, and it is undone once it does (%s)',
    async (when) => {
      const { away, through } = outage();
      const rig = await drillAt('triggered', { plan: planWithMigration(when), through });
      away.table = true;
      expect(await rig.watchdog()).toMatchObject({ kind: 'postponed' });
      expect(rig.service.serving()).toBe('v4');
      expect(rig.migrations.runs).toEqual([]);
      const [asked] = rig.announced.filter(({ subject }) => subject.startsWith('MIGRATION'));
      expect(asked?.message).toContain('undo drill-1 1');
      expect(asked?.message).toContain('not known whether the undo ran');
      away.table = false;
      expect(await rig.watchdog()).toMatchObject({ kind: 'sealed', outcome: 'rescued' });
      expect(rig.migrations.runs).toEqual(['drill-1/1']);
    },
  );

  test('what was undone before is not undone again', async () => {
    const { away, through } = outage();
    const rig = await drillAt('rolling-back', { plan: planWithMigration(), through });
    await rig.steps.undoMigration({ kind: 'undo-migration', reason: '' });
    away.table = true;
    await rig.watchdog();
    away.table = false;
    expect(await rig.watchdog()).toMatchObject({ kind: 'sealed', outcome: 'rescued' });
    expect(rig.migrations.runs).toEqual(['drill-1/1']);
  });
});

function died(stage: Stage, when: (typeof MODES)[number] = 'after-rollback'): Promise<Rig> {
  return drillAt(stage, { plan: planWithMigration(when) });
}

function pages({ announced }: Rig): readonly string[] {
  return announced
    .map(({ subject }) => subject)
    .filter((subject) => /^[A-Z]{2}/.test(subject) && !subject.startsWith('PAGE'));
}

async function receiptOf(rig: Rig): Promise<Receipt> {
  return (await rig.stores.receipts.find('drill-1')) as Receipt;
}
