import { afterAll, beforeAll, expect, test } from 'vitest';
import { receipts } from '../../../lib/adapters/aws/wiring/records.ts';
import { show } from '../../../lib/cli/show.ts';
import { goodDrill } from '../drill/fixtures/journal.ts';
import { runs } from './fixtures/command.ts';
import { type Directory, directory, numbered, refused, sealed, store } from './fixtures/records.ts';

let at: Directory;
let stored: unknown;

beforeAll(async () => {
  at = await directory();
  await store(at.path, async () => {
    await sealed({ id: 'first', hour: 1 });
    stored = await receipts().find('first');
    await refused({ id: 'second', hour: 2 }, [
      ...goodDrill().slice(0, 3),
      { kind: 'refused', key: 'refused', by: 'lock', reason: 'held by drill zero' },
    ]);
    await numbered({ id: 'third', hour: 3 }, goodDrill().slice(0, 12));
  });
});

afterAll(() => at[Symbol.asyncDispose]());

test.each([
  'zeroth',
  'ecs:shop/web#009',
  'ecs:shop/none#001',
  '#001',
  'ecs:shop/web#1x',
  'x'.repeat(5_000),
  '\x1b[2J',
  '',
])('tells how to name a drill when there is none by the name %j', async (name) => {
  const { exitCode, out, err } = await runs(show, at.path, name);
  expect(exitCode).toBe(2);
  expect(out).toBe('');
  expect(err).toMatch(/TARGET#NNN.*ecs:demo\/shop#001/);
  expect(err).not.toContain('\x1b');
});

test('knows no drill where none ever ran', async () => {
  await using empty = await directory();
  expect(await runs(show, empty.path, 'first')).toMatchObject({ exitCode: 2, out: '' });
});

test('shows one drill in one form', async () => {
  expect(await runs(show, at.path, 'first', 'second')).toMatchObject({ exitCode: 2, out: '' });
  expect(await runs(show, at.path, 'first', '--json', '--md')).toMatchObject({ exitCode: 2, out: '' });
  const { exitCode, err } = await runs(show, at.path, 'first', '--html', '--json', '--md');
  expect([exitCode, err]).toEqual([
    2,
    'One of --json, --md and --html; received --json and --md and --html.',
  ]);
});

test('prints exactly the stored document as JSON, by id and by number', async () => {
  const byId = await runs(show, at.path, 'first', '--json');
  expect(byId.out).toBe(`${JSON.stringify(stored, null, 2)}\n`);
  expect((await runs(show, at.path, 'ecs:shop/web#001', '--json')).out).toBe(byId.out);
  expect((await runs(show, at.path, 'ecs:shop/web#1', '--json')).out).toBe(byId.out);
});

test('shows a receipt and a refusal to read', async () => {
  expect((await runs(show, at.path, 'first')).out).toContain(' PASSED  ecs:shop/web#001');
  expect((await runs(show, at.path, 'first', '--md')).out).toMatch(
    /^# Rollback drill 001 of ecs:shop\/web: passed\n/,
  );
  expect((await runs(show, at.path, 'first', '--html')).out).toMatch(
    /^<!doctype html>.*<h1 dir="auto">Rollback drill 001 of ecs:shop\/web: passed<\/h1>.*<\/html>\n$/s,
  );
  expect((await runs(show, at.path, 'second', '--html')).out).toContain('lock: held by drill zero');
  expect((await runs(show, at.path, 'second')).out).toContain('lock: held by drill zero');
});

test('shows what the journal of a drill without a receipt says, by its number too', async () => {
  const { exitCode, out } = await runs(show, at.path, 'ecs:shop/web#002');
  expect(exitCode).toBe(0);
  expect(out).toContain('plan shop-ecs');
  expect(out).toContain("'drill recover' finishes it");
  const json = JSON.parse((await runs(show, at.path, 'third', '--json')).out);
  expect(json).toMatchObject({ id: 'third', outcome: null, target: 'ecs:shop/web' });
  for (const form of ['--md', '--html'])
    expect(await runs(show, at.path, 'third', form)).toMatchObject({ exitCode: 2, out: '' });
});
