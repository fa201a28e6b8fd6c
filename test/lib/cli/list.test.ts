import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { list } from '../../../lib/cli/list.ts';
import { goodDrill } from '../drill/fixtures/journal.ts';
import { runs } from './fixtures/command.ts';
import { type Directory, directory, numbered, refused, sealed, store } from './fixtures/records.ts';

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
