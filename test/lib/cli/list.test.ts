import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { list } from '../../../lib/cli/list.ts';
import { listTable } from '../../../lib/cli/list-table.ts';
import type { ListedDrill } from '../../../lib/ports/receipts.ts';
import { widthOf } from '../../../lib/report/text.ts';
import { goodDrill } from '../drill/fixtures/journal.ts';
import { runs } from './fixtures/command.ts';
import { type Directory, directory, numbered, refused, sealed, store } from './fixtures/records.ts';
import { Screen } from './fixtures/screen.ts';

let at: Directory;

beforeAll(async () => {
  at = await directory();
  await store(at.path, async () => {
    await sealed({ id: 'first', hour: 1 });
    await refused({ id: 'second', hour: 2 }, [
      ...goodDrill().slice(0, 3),
      { kind: 'refused', key: 'refused', by: 'lock', reason: 'held' },
    ]);
    await sealed({ id: 'third', hour: 3, target: 'ecs:shop/other' });
    await sealed({ id: 'fourth', hour: 4 });
    await numbered({ id: 'fifth', hour: 5 }, goodDrill().slice(0, 12));
  });
});

afterAll(() => at[Symbol.asyncDispose]());

test('finds no drills where none ever ran, and makes nothing', async () => {
  await using empty = await directory();
  const nowhere = join(empty.path, 'drills');
  expect((await runs(list, nowhere)).out).toContain('No drills yet');
  expect(await runs(list, nowhere, '--json')).toMatchObject({ exitCode: 0, out: '[]\n' });
  expect(existsSync(nowhere)).toBe(false);
});

test('finds no drills in a sandbox that was never deployed to', async () => {
  await using empty = await directory();
  await store(empty.path, async () => {});
  expect((await runs(list, empty.path)).out).toContain('No drills yet');
});

test.each(['0', '-1', '1.5', 'many', '1001', ''])('refuses the limit %j', async (limit) => {
  const { exitCode, err } = await runs(list, at.path, `--limit=${limit}`);
  expect(exitCode).toBe(2);
  expect(err).toContain('--limit must be a whole number from 1 to 1000');
});

test('refuses what it would otherwise ignore', async () => {
  expect(await runs(list, at.path, 'first')).toMatchObject({ exitCode: 2 });
});

test('says how targets are named when one has no drills', async () => {
  expect((await runs(list, at.path, '--target', 'shop')).out).toContain('ecs:CLUSTER/SERVICE');
});

test('lists the newest first, with outcome, timer and path, and what was left open', async () => {
  const { out } = await runs(list, at.path);
  const lines = out.split('\n');
  expect(lines.slice(1, 6).map((line) => line.trim().split(/ {2,}/))).toEqual([
    ['ecs:shop/web', '#003', 'open', '—', '2026-11-03 05:00:00', 'fifth', '—'],
    [
      'ecs:shop/web',
      '#002',
      'passed',
      '2 min 55.0 s',
      '2026-11-03 04:00:00',
      'fourth',
      'ecs-stop-deployment',
    ],
    [
      'ecs:shop/other',
      '#001',
      'passed',
      '2 min 55.0 s',
      '2026-11-03 03:00:00',
      'third',
      'ecs-stop-deployment',
    ],
    ['ecs:shop/web', '—', 'refused', '—', '2026-11-03 02:00:00', 'second', '—'],
    ['ecs:shop/web', '#001', 'passed', '2 min 55.0 s', '2026-11-03 01:00:00', 'first', 'ecs-stop-deployment'],
  ]);
  expect(out).toContain("'drill recover' finishes it");
});

test('keeps to the limit and to the target', async () => {
  const two = await runs(list, at.path, '--json', '--limit', '2', '--target', 'ecs:shop/web');
  expect(JSON.parse(two.out).map(({ id }: { id: string }) => id)).toEqual(['fifth', 'fourth']);
  const other = await runs(list, at.path, '--json', '--target', 'ecs:shop/other');
  expect(JSON.parse(other.out)).toEqual([
    {
      id: 'third',
      target: 'ecs:shop/other',
      startedAt: '2026-11-03T03:00:00.000Z',
      number: 1,
      outcome: 'passed',
      rehearsalTimerMs: 175_000,
      triggerToCallMs: 1_000,
      path: 'ecs-stop-deployment',
    },
  ]);
});

describe('on a terminal', () => {
  const drill = (number: number, more: Partial<ListedDrill> = {}): ListedDrill => ({
    id: `shop-ecs-20261103T10000000${number}Z`,
    target: 'ecs:shop/web',
    number,
    startedAt: '2026-11-03T10:00:00.000Z',
    outcome: 'passed',
    rehearsalTimerMs: 60_000 * number,
    triggerToCallMs: 1_000,
    path: 'ecs-previous-task-definition',
    ...more,
  });

  function linesOn(columns: number, drills: readonly ListedDrill[]): readonly string[] {
    return listTable(drills, 'open', new Screen(columns)).split('\n').map(stripVTControlCharacters);
  }

  test.each([95, 100, 120, 200])('is never wider than %i columns, and cuts no id', (columns) => {
    const drills = [drill(1), drill(2, { target: `ecs:${'long-'.repeat(20)}/web`, rehearsalTimerMs: null })];
    for (const some of [drills, drills.slice(0, 1)]) {
      const lines = linesOn(columns, some);
      expect(lines.filter((line) => widthOf(line) > columns)).toEqual([]);
      for (const { id } of some) expect(lines.join('\n')).toContain(id);
    }
  });

  test('names the only target once, and draws timers and tells paths where there is room', () => {
    const drills = [
      drill(2),
      drill(1),
      drill(3, { number: null, outcome: 'refused', rehearsalTimerMs: null }),
    ];
    const [narrow, wide] = [linesOn(80, drills), linesOn(120, drills)];
    expect(narrow[0]).toBe('ecs:shop/web');
    expect(narrow[1]).toMatch(/^# +OUTCOME +TIMER +STARTED \(UTC\) +ID$/);
    expect(wide[1]).toMatch(/^# +OUTCOME +TIMER +STARTED \(UTC\) +ID +PATH$/);
    expect(wide.slice(2).map((line) => line.match(/█+/)?.[0].length ?? 0)).toEqual([10, 5, 0]);
    expect(wide.filter((line) => line.includes('ecs:shop/web'))).toHaveLength(1);
  });
});
