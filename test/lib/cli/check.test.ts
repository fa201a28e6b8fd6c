import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { check } from '../../../lib/cli/check.ts';
import { changed, EXAMPLE } from '../drill/plan/example.ts';
import { runs } from './fixtures/command.ts';
import { directory } from './fixtures/records.ts';

test('asks for a plan when none is named', async () => {
  await using at = await directory();
  const { exitCode, out, err } = await runs(check, at.path);
  expect(exitCode).toBe(2);
  expect(out).toBe('');
  expect(err).toContain('drill check plans/shop-ecs.yaml');
});

test('says of every file why it cannot be read, and judges the others', async () => {
  await using at = await directory();
  const [none, folder, binary, good] = ['none', 'folder', 'binary', 'good'].map((name) =>
    join(at.path, name),
  );
  await mkdir(String(folder));
  await writeFile(String(binary), Buffer.from([0xff, 0xfe, 0x00]));
  await writeFile(String(good), EXAMPLE);
  const { exitCode, out } = await runs(
    check,
    at.path,
    String(none),
    String(folder),
    String(binary),
    String(good),
  );
  expect(exitCode).toBe(2);
  expect(out.trimEnd().split('\n')).toEqual([
    `${none}: cannot be read: there is no such file`,
    `${folder}: cannot be read: it is a directory`,
    `${binary}: cannot be read: it is not text in UTF-8`,
    `${good}: ok`,
  ]);
});

test('ends on a file that never does', async () => {
  await using at = await directory();
  const { exitCode, out } = await runs(check, at.path, '/dev/zero');
  expect(exitCode).toBe(2);
  expect(out).toContain('/dev/zero: cannot be read: it is longer than');
});

test('prints every error of a plan with its place and line', async () => {
  await using at = await directory();
  const file = join(at.path, 'plan.yaml');
  await writeFile(file, changed(['budget: 5m', 'budget: soon'], ['tier: critical', 'tier: vital']));
  const { exitCode, out } = await runs(check, at.path, file);
  const lines = out.trimEnd().split('\n');
  expect(exitCode).toBe(2);
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/plan\.yaml: tier \(line 4\): /);
  expect(lines[1]).toMatch(/plan\.yaml: triggers\[0\]\.budget \(line 22\): /);
});

test('lets no plan act on the terminal', async () => {
  await using at = await directory();
  const file = join(at.path, 'plan.yaml');
  await writeFile(file, changed(['tier: critical', 'tier: "\\e[2Jx\\r\\nplan.yaml: ok"']));
  const { out } = await runs(check, at.path, file);
  expect(out).not.toContain('\x1b');
  expect(out.trimEnd().split('\n')).toHaveLength(1);
});

test('accepts a plan that is right, and touches nothing', async () => {
  await using at = await directory();
  const file = join(at.path, 'plan.yaml');
  await writeFile(file, EXAMPLE);
  const { exitCode, out, err } = await runs(check, join(at.path, 'drills'), file);
  expect({ exitCode, out, err }).toEqual({ exitCode: 0, out: `${file}: ok\n`, err: '' });
  expect(await readdir(at.path)).toEqual(['plan.yaml']);
});

test('accepts the plans that come with the product', async () => {
  await using at = await directory();
  expect(await runs(check, at.path, 'plans/shop-ecs.yaml')).toMatchObject({ exitCode: 0 });
});
