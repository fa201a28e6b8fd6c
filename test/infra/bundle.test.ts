import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleFunctions } from '../../lib/infra/bundle.ts';
import { FUNCTION_NAMES, folderOf } from '../../lib/infra/functions.ts';
import { copyFunctions } from '../e2e/fixtures/bundled-functions.ts';
import { mostBytesOf } from './bundle-limits.ts';

let directory: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'bundle-'));
  copyFunctions(directory);
  await bundleFunctions(directory);
}, 60_000);
afterAll(() => rmSync(directory, { recursive: true }));

test.each(FUNCTION_NAMES)('nothing makes the bundle of %s larger than starts quickly', (name) => {
  const bytes = statSync(join(directory, folderOf(name), 'index.mjs')).size;
  expect(bytes, 'npm run bench:bundles tells more').toBeLessThanOrEqual(mostBytesOf(name));
});
