import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dynamo } from '../../../lib/adapters/aws/clients.ts';
import { receipts, statistics } from '../../../lib/adapters/aws/wiring/records.ts';
import { rebuildStatisticsCommand as rebuild } from '../../../lib/cli/rebuild-statistics.ts';
import { RESOURCES } from '../../../lib/cli/settings.ts';
import { stats } from '../../../lib/cli/stats.ts';
import type { Entry } from '../../../lib/drill/entry.ts';
import type { DrillRecord } from '../../../lib/drill/record.ts';
import type { Receipt } from '../../../lib/drill/seal.ts';
import { DEFINITIONS } from '../../../lib/drill/statistics/definitions.ts';
import { noStatistics } from '../../../lib/drill/statistics/statistics.ts';
import { disagreements } from '../../answers/disagreements.ts';
import { recomputed } from '../../answers/recomputed.ts';
import { aborted, goodDrill, having, restored, takenOver, validation } from '../drill/fixtures/journal.ts';
import { runs } from './fixtures/command.ts';
import { type Directory, directory, refused, sealed, store } from './fixtures/records.ts';

const WEB = 'ecs:shop/web';
const OTHER = 'ecs:shop/other';

const FAILED = having(goodDrill(), validation('checkout', 220, { verdict: 'failed' }));
const RESCUED = [...goodDrill().slice(0, 12), takenOver(30), ...goodDrill().slice(12)];
const ABORTED = having(goodDrill(), aborted(30));
const SLOWER = having(goodDrill(), restored(210));
const REFUSED: readonly Entry[] = [
  ...goodDrill().slice(0, 3),
  { kind: 'refused', key: 'refused', by: 'lock', reason: 'held' },
];

/** In the order of time; the seventh was refused before it got a number. */
const DRILLS = [
  ...[goodDrill(), goodDrill(), FAILED, goodDrill(), RESCUED, ABORTED],
  REFUSED,
  ...[SLOWER, goodDrill(), FAILED, SLOWER, REFUSED],
];

let at: Directory;
const drills: (Receipt | DrillRecord)[] = [];

beforeAll(async () => {
  at = await directory();
  await store(at.path, async () => {
    for (const [index, entries] of DRILLS.entries()) {
      const name = { id: `drill-${index}`, hour: index + 1, target: WEB };
      await (entries === REFUSED ? refused(name, entries) : sealed(name, entries));
      const drill = await receipts().find(name.id);
      if (drill) drills.push(drill);
    }
    await sealed({ id: 'elsewhere', hour: 3, target: OTHER });
  });
});

afterAll(() => at[Symbol.asyncDispose]());

const AS_OF = ['--as-of', '2026-11-10T00:00:00Z'] as const;

async function told(...args: readonly string[]) {
  const { exitCode, out } = await runs(stats, at.path, '--json', ...AS_OF, ...args);
  expect(exitCode).toBe(0);
  return JSON.parse(out);
}

test('knows nothing where no drill ever ran, and makes nothing', async () => {
  await using empty = await directory();
  const nowhere = join(empty.path, 'drills');
  expect((await runs(stats, nowhere)).out).toContain('No drills yet');
  expect(JSON.parse((await runs(stats, nowhere, '--json')).out)).toMatchObject({ targets: [] });
  expect((await runs(rebuild, nowhere)).exitCode).toBe(0);
  expect(existsSync(nowhere)).toBe(false);
});

test.each([
  [['--last', '0'], '--last must be a whole number from 1 to 1000'],
  [['--last', '5', '--since', '90d'], 'not both'],
  [['--since', '90'], 'is no span and no day'],
  [['--as-of', 'yesterday'], 'is no day'],
  [['--as-of', '2026-02-30'], 'is no day'],
  [['--target', 'ecs:shop/nothing'], 'Nothing is known of target ecs:shop/nothing'],
  [['--target', 'x'.repeat(600)], 'Nothing is known'],
  [['ecs:shop/web'], "stats takes no 'ecs:shop/web'"],
])('refuses %j and says what is allowed', async (args, message) => {
  const { exitCode, out, err } = await runs(stats, at.path, '--json', ...args);
  expect([exitCode, out]).toEqual([2, '']);
  expect(err).toContain(message);
});

test('agrees in every figure with what is computed by other means from the raw receipts of twelve mixed drills', async () => {
  const answer = await told('--target', WEB);
  expect(answer.outcomes).toMatchObject({ passed: 6, failed: 2, rescued: 1, aborted: 1, refused: 2 });
  const documents = drills.map((drill) => JSON.stringify(drill));
  expect(disagreements(answer, recomputed(documents, Date.parse(AS_OF[1])))).toEqual([]);
  const newest = drills.filter(({ number }) => number !== null).slice(-3);
  const last = recomputed(
    newest.map((drill) => JSON.stringify(drill)),
    Date.parse(AS_OF[1]),
  );
  expect(disagreements(await told('--target', WEB, '--last', '3'), last)).toEqual([]);
});

test('tells one target by its name, and all of them in a list', async () => {
  const all = await told();
  expect(all.targets.map(({ target }: { target: string }) => target)).toEqual([OTHER, WEB]);
  expect(all.targets[1]).toEqual(await told('--target', WEB));
});

test('tells of the newest drills alone, or of those since a day', async () => {
  const last = await told('--target', WEB, '--last', '3');
  expect(last.outcomes).toMatchObject({ passed: 2, failed: 1, refused: 0 });
  expect(last.frequency).toMatchObject({ drills: 3, deployments: null });
  const since = await told('--target', WEB, '--since', '2026-11-03T11:30:00Z');
  expect(since.outcomes).toMatchObject({ refused: 1 });
  const [all, whole] = [await told('--target', WEB), await told('--target', WEB, '--last', '1000')];
  for (const figure of ['rollbackSpeed', 'rehearsalTimer', 'dominantStep', 'trend', 'recent'])
    expect(whole[figure]).toEqual(all[figure]);
});

test('lays the figures out for people, with what they are', async () => {
  const { exitCode, out } = await runs(stats, at.path, ...AS_OF, '--target', WEB);
  expect(exitCode).toBe(0);
  expect(out).toContain('ecs:shop/web  10 numbered drills, as of 2026-11-10 00:00 UTC');
  expect(out).toMatch(/passed +█+ 6/);
  expect(out).toMatch(/[▁▂▃▄▅▆▇█]{10} {2}the last 10 drills/);
  expect(out).toMatch(/success rate +66\.7 %/);
  expect(out.replaceAll(/\s+/g, ' ')).toContain('None of it belongs into the DORA figures');
  for (const name of Object.keys(DEFINITIONS)) expect(out).toContain(`  ${name}`);
  for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
});

test('a second computation from all receipts agrees to the digit', async () => {
  const { exitCode, out } = await runs(rebuild, at.path, '--json');
  expect(exitCode).toBe(0);
  expect(JSON.parse(out)).toEqual([
    { target: OTHER, kind: 'agreed', receipts: 1, differences: [], findings: [] },
    { target: WEB, kind: 'agreed', receipts: 10, differences: [], findings: [] },
  ]);
});

test('a second computation tells what differs, changes nothing when asked not to, and else puts it right', async () => {
  await using altered = await directory();
  await store(altered.path, async () => {
    await sealed({ id: 'one', hour: 1, target: WEB });
    const seen = await statistics().read(WEB);
    await statistics().replace(seen, { ...noStatistics(WEB), cleanInARow: 7 });
  });
  const dry = await runs(rebuild, altered.path, '--dry-run');
  expect(dry).toMatchObject({ exitCode: 1 });
  expect(dry.out).toContain('cleanInARow: stored 7, computed');
  expect((await runs(rebuild, altered.path)).out).toContain('put right');
  expect((await runs(rebuild, altered.path)).out).toContain('agrees with its 1 receipts to the digit');
});

test('statistics of receipts that were altered are not computed again', async () => {
  await using altered = await directory();
  await store(altered.path, async () => {
    await sealed({ id: 'one', hour: 1, target: WEB });
    const receipt = (await receipts().find('one')) as Receipt;
    const forged = { ...receipt, figures: { ...receipt.figures, rollbackSpeedMs: 1 } };
    await dynamo().send(
      new UpdateCommand({
        TableName: RESOURCES.table,
        Key: { pk: 'DRILL#one', sk: 'SEAL' },
        UpdateExpression: 'SET sealed = :forged',
        ExpressionAttributeValues: { ':forged': JSON.stringify(forged) },
      }),
    );
  });
  const { exitCode, out } = await runs(rebuild, altered.path);
  expect(exitCode).toBe(1);
  expect(out).toContain('figures.rollbackSpeedMs');
});
