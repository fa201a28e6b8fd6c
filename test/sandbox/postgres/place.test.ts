import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makePrivate, reachablePlace, temporaryPlace } from '../../../sandbox/postgres/place.ts';

/** Neither owner nor group of anything here. */
const STRANGER = { uid: 60_001, gid: 60_001 };
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'place-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

test('keeps nothing where its user cannot get to, but in a place of its own, always the same', () => {
  const closed = join(directory, 'data');
  expect(reachablePlace(closed, STRANGER)).toBe(temporaryPlace(closed));
  expect(temporaryPlace(closed)).not.toBe(temporaryPlace(join(directory, 'other')));
});

test('keeps everything where it belongs if every directory above can be entered', () => {
  chmodSync(directory, 0o755);
  const open = join(directory, 'below', 'data');
  mkdirSync(join(directory, 'below'));
  expect(reachablePlace(open, STRANGER)).toBe(open);
  chmodSync(join(directory, 'below'), 0o700);
  expect(reachablePlace(open, STRANGER)).toBe(temporaryPlace(open));
  expect(reachablePlace(open, undefined)).toBe(open);
});

test('a directory that is made is for its user alone; a link in its place is refused', () => {
  const made = join(directory, 'made');
  makePrivate(made, undefined);
  makePrivate(made, undefined);
  expect(statSync(made).mode & 0o777).toBe(0o700);
  symlinkSync(made, join(directory, 'link'));
  expect(() => makePrivate(join(directory, 'link'), undefined)).toThrow('Found: no directory');
});
