import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { forget, isUpToDate, remember } from '../../lib/infra/bundle-inputs.ts';

/** Longer than a file's time may be behind the clock. */
const LONG_MS = 60_000;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bundle-'));
  for (const name of ['a.ts', 'b.ts', 'a.mjs']) writeFileSync(join(root, name), 'one');
  rememberStartedAt(Date.now() + LONG_MS);
});
afterEach(() => rmSync(root, { recursive: true }));

test('a bundle that nothing has happened to is not made again', () => {
  expect(isUpToDate(root, root, ['A'])).toBe(true);
});

test.each<[string, () => void]>([
  ['a file that it was made from has changed', () => appendFileSync(join(root, 'b.ts'), ' more')],
  ['a file that it was made from is gone', () => rmSync(join(root, 'b.ts'))],
  ['what came of it has changed', () => writeFileSync(join(root, 'a.mjs'), '')],
  ['it was being made when that was interrupted', () => forget(root)],
  ['nobody knows what it was made from', () => writeFileSync(join(root, 'made-from.json'), '{"made":')],
])('a bundle is not kept when %s', (_, happens) => {
  happens();
  expect(isUpToDate(root, root, ['A'])).toBe(false);
});

test('a bundle is not kept when there is another function', () => {
  expect(isUpToDate(root, root, ['A', 'B'])).toBe(false);
});

test('a bundle is not kept when a file that it was made from changed meanwhile', () => {
  forget(root);
  rememberStartedAt(Date.now() - LONG_MS);
  expect(isUpToDate(root, root, ['A'])).toBe(false);
});

function rememberStartedAt(startedAtMs: number): void {
  remember(root, root, ['A'], { inputs: ['a.ts', 'b.ts'], outputs: ['a.mjs'], startedAtMs });
}
