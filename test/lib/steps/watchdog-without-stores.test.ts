import { describe, expect, test } from 'vitest';
import type { Receipt } from '../../../lib/drill/seal.ts';
import { verify } from '../../../lib/drill/verify.ts';
import { outage } from '../../fixtures/outage.ts';
import { drillAt, type Rig, type Stage } from '../../fixtures/rig.ts';
import { RESOURCE } from '../../fixtures/scripted-service.ts';

const WHILE_BAD = ['deployed', 'triggered', 'rolling-back'] as const;

describe('while the table does not answer', () => {
  test.each(WHILE_BAD)(
    'a drill that died when it was %s is restored, and sealed once it does',
    async (stage) => {
      const { rig, away } = await drillDuringOutage(stage);
      away.table = true;
      expect(await rig.watchdog()).toMatchObject({ kind: 'postponed' });
      expect(rig.service.serving()).toBe('v4');
      const effects = [...rig.service.effects];
      expect(effects.length).toBe(2);
      expect(await rig.stores.journal.openDrills()).toEqual(['drill-1']);
      expect(rig.stores.schedules.get('drill-1')).toBeGreaterThan(rig.clock.now());
      expect(pages(rig)).toEqual(['RECORDS UNREACHABLE: ecs:demo/shop']);
      away.table = false;
      expect(await rig.watchdog()).toMatchObject({ kind: 'sealed', outcome: 'rescued' });
      expect(rig.service.effects).toEqual(effects);
      expect(verify([await receiptOf(rig)])).toEqual([]);
      expect(rig.stores.schedules.size).toBe(0);
      expect(await rig.stores.locks.holder(RESOURCE)).toBeUndefined();
    },
  );

  test('nothing is called or paged twice, however often the watchdog is woken', async () => {
    const { rig, away } = await drillDuringOutage('triggered');
    away.table = true;
    for (let wake = 1; wake <= 4; wake++) {
      expect(await rig.watchdog()).toMatchObject({ kind: 'postponed' });
      await rig.clock.advance(180_000);
    }
    expect(rig.service.effects).toHaveLength(2);
    expect(pages(rig)).toHaveLength(1);
    away.table = false;
    expect(await rig.watchdog()).toMatchObject({ kind: 'sealed', outcome: 'rescued' });
    expect((await rig.entries('taken-over')).length).toBe(2);
  });

  test('the way back is not kept waiting for it', async () => {
    const { rig, away } = await drillDuringOutage('triggered');
    away.table = true;
    const woken = rig.clock.now();
    const rescue = rig.watchdog();
    while (rig.service.effects.length < 2) await rig.clock.advance(100);
    expect(rig.clock.now() - woken).toBeLessThan(15_000);
    await rescue;
  });

  test('what was done then is not lost when the stores come back in the middle of a later watchdog', async () => {
    const { rig, away } = await drillDuringOutage('triggered');
    away.table = true;
    expect(await rig.watchdog()).toMatchObject({ kind: 'postponed' });
    const second = rig.watchdog();
    await rig.clock.advance(9_000);
    away.table = false;
    expect(await second).toMatchObject({ kind: 'sealed', outcome: 'rescued' });
    expect((await receiptOf(rig)).path.used).toBe('ecs-stop-deployment');
  });

  test('somebody else’s release is left alone', async () => {
    const { rig, away } = await drillDuringOutage('triggered');
    rig.service.overtake();
    away.table = true;
    expect(await rig.watchdog()).toMatchObject({ kind: 'postponed' });
    expect(rig.service.effects).toEqual(['deploy']);
    away.table = false;
    expect(await rig.watchdog()).toMatchObject({ outcome: 'compromised' });
  });

  test('a known-bad release that nothing brings back is paged for, and tried again until something does', async () => {
    const { rig, away } = await drillDuringOutage('triggered');
    away.table = true;
    away.writes = true;
    expect(await rig.watchdog()).toMatchObject({ kind: 'postponed' });
    expect(pages(rig)).toEqual(['NOT RESTORED: ecs:demo/shop', 'RECORDS UNREACHABLE: ecs:demo/shop']);
    away.table = false;
    away.writes = false;
    expect(await rig.watchdog()).toMatchObject({ outcome: 'rescued' });
    expect(rig.service.serving()).toBe('v4');
  });

  test('a deployment that lands late is undone at the next look', async () => {
    const { rig, away } = await drillDuringOutage('armed');
    rig.service.mishaps.set('deploy', { landsInMs: 120_000 });
    await expect(rig.steps.deployKnownBad()).rejects.toThrow();
    away.table = true;
    await rig.watchdog();
    await rig.clock.advance(180_000);
    await rig.watchdog();
    expect(rig.service.effects[0]).toBe('deploy');
    await rig.clock.advance(10_000);
    expect(rig.service.serving()).toBe('v4');
  });

  test('and nothing else is known of the drill, the invocation fails, so that it is repeated', async () => {
    const { rig, away } = await drillDuringOutage('triggered');
    away.table = true;
    away.deadline = true;
    await expect(rig.watchdog()).rejects.toThrow('the scheduler is away');
    expect(rig.service.effects).toEqual(['deploy']);
  });
});

test('a table that goes away while the watchdog restores keeps it from nothing but the seal', async () => {
  const { rig, away } = await drillDuringOutage('triggered');
  const rescue = rig.watchdog();
  await rig.clock.advance(500);
  away.table = true;
  expect(await rescue).toMatchObject({ kind: 'postponed' });
  expect(rig.service.serving()).toBe('v4');
  away.table = false;
  expect(await rig.watchdog()).toMatchObject({ outcome: 'rescued' });
  expect(rig.service.effects).toEqual(['deploy', 'ecs-stop-deployment']);
  const { validations } = await receiptOf(rig);
  expect(validations.map(({ verdict }) => verdict)).toEqual(['passed', 'passed']);
});

test('a receipt whose probes cannot be read is not sealed before they can', async () => {
  const { rig, away } = await drillDuringOutage('triggered');
  away.series = true;
  expect(await rig.watchdog()).toMatchObject({ kind: 'postponed' });
  expect(rig.service.serving()).toBe('v4');
  expect(await rig.stores.receipts.find('drill-1')).toBeUndefined();
  expect(pages(rig)).toEqual(['RECORDS UNREACHABLE: ecs:demo/shop']);
  away.series = false;
  expect(await rig.watchdog()).toMatchObject({ outcome: 'rescued' });
  expect(rig.service.effects).toEqual(['deploy', 'ecs-stop-deployment']);
});

test('a series that cannot be archived keeps no receipt from being sealed, and is archived later', async () => {
  const { rig, away } = await drillDuringOutage('triggered');
  away.bucket = true;
  expect(await rig.watchdog()).toMatchObject({ kind: 'postponed' });
  expect(verify([await receiptOf(rig)])).toEqual([]);
  expect(rig.stores.schedules.size).toBe(1);
  away.bucket = false;
  expect(await rig.watchdog()).toMatchObject({ kind: 'nothing-to-do' });
  const { samples } = await rig.stores.series.read('drill-1');
  expect(rig.stores.archivedSeries.get('drill-1')).toEqual(samples);
  expect(rig.stores.schedules.size).toBe(0);
});

test('a receipt that is sealed but not archived is archived later', async () => {
  let away = true;
  const rig = await drillAt('triggered', {
    through: (ports) => ({
      ...ports,
      receipts: {
        ...ports.receipts,
        seal: async (id, unsealed) => {
          const receipt = await ports.receipts.seal(id, unsealed);
          if (away) throw new Error('the bucket is away');
          return receipt;
        },
      },
    }),
  });
  expect(await rig.watchdog()).toMatchObject({ kind: 'postponed' });
  expect(rig.stores.schedules.get('drill-1')).toBeGreaterThan(rig.clock.now());
  expect(await rig.watchdog()).toMatchObject({ kind: 'postponed', reason: expect.stringMatching(/^sealed/) });
  away = false;
  expect(await rig.watchdog()).toMatchObject({ kind: 'nothing-to-do' });
  expect(rig.stores.schedules.size).toBe(0);
  expect(await rig.stores.locks.holder(RESOURCE)).toBeUndefined();
});

describe('while the target denies', () => {
  test.each(WHILE_BAD)(
    'every call, a drill that was %s is sealed as not restored, with a page',
    async (stage) => {
      const { rig, away } = await drillDuringOutage(stage);
      away.target = true;
      expect(await rig.watchdog()).toMatchObject({ kind: 'sealed', outcome: 'not-restored' });
      const [message] = rig.announced.filter(({ subject }) => subject.startsWith('NOT RESTORED'));
      expect(message?.message).toContain('aws ecs back');
      expect((await receiptOf(rig)).reasons.join()).toContain('AccessDenied');
    },
  );

  test('every call that changes it, all paths are tried first', async () => {
    const { rig, away } = await drillDuringOutage('triggered');
    away.writes = true;
    expect(await rig.watchdog()).toMatchObject({ outcome: 'not-restored' });
    expect(resultsOf(await receiptOf(rig)).slice(0, 3)).toEqual([
      'automatic not-applicable',
      'ecs-stop-deployment failed',
      'ecs-previous-task-definition failed',
    ]);
  });

  test('the last path once, it is taken once more before the target is given up', async () => {
    const rig = await drillAt('triggered');
    rig.service.mishaps.set('ecs-stop-deployment', 'refused');
    rig.service.mishaps.set('ecs-previous-task-definition', 'refused');
    expect(await rig.watchdog()).toMatchObject({ outcome: 'rescued' });
    expect(rig.service.effects).toEqual(['deploy', 'ecs-stop-deployment']);
    expect(resultsOf(await receiptOf(rig))).toContain('ecs-stop-deployment accepted');
  });

  test('for a moment only, it is restored', async () => {
    const { rig, away } = await drillDuringOutage('triggered');
    away.target = true;
    const rescue = rig.watchdog();
    await rig.clock.advance(5_000);
    away.target = false;
    expect(await rescue).toMatchObject({ outcome: 'rescued' });
  });

  test('a drill that called nothing needs nothing of it', async () => {
    const { rig, away } = await drillDuringOutage('armed');
    away.target = true;
    expect(await rig.watchdog()).toMatchObject({ outcome: 'aborted' });
    expect(pages(rig)).toEqual([]);
  });

  test('and nobody can be paged, the receipt says so', async () => {
    const { rig, away } = await drillDuringOutage('triggered');
    away.target = true;
    away.topic = true;
    expect(await rig.watchdog()).toMatchObject({ outcome: 'not-restored' });
    expect((await receiptOf(rig)).gaps.map(({ code }) => code)).toContain('page-not-delivered');
  });
});

async function drillDuringOutage(stage: Stage) {
  const { away, through } = outage();
  return { away, rig: await drillAt(stage, { through }) };
}

function pages(rig: Rig): readonly string[] {
  return rig.announced.map(({ subject }) => subject).filter((subject) => /^(NOT|RECORDS)/.test(subject));
}

async function receiptOf(rig: Rig): Promise<Receipt> {
  return (await rig.stores.receipts.find('drill-1')) as Receipt;
}

function resultsOf({ path }: Receipt): readonly string[] {
  return path.tried.map(({ name, result }) => `${name} ${result}`);
}
