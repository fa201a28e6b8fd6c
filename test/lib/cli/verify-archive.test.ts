import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { s3 } from '../../../lib/adapters/aws/clients.ts';
import { RESOURCES } from '../../../lib/cli/settings.ts';
import { verify } from '../../../lib/cli/verify.ts';
import { digestOf } from '../../../lib/drill/digest.ts';
import { fingerprintsOf, type Receipt } from '../../../lib/drill/seal.ts';
import { runs } from './fixtures/command.ts';
import { directory, numbered, sealed, store } from './fixtures/records.ts';

const TARGET = 'ecs:shop/web';
const Bucket = RESOURCES.bucket;

function keyOf(number: number): string {
  return `receipts/${TARGET}/00${number}.json`;
}

async function read(number: number): Promise<string> {
  const { Body } = await s3().send(new GetObjectCommand({ Bucket, Key: keyOf(number) }));
  return (await Body?.transformToString()) ?? '';
}

async function put(number: number, text: string): Promise<void> {
  await s3().send(new PutObjectCommand({ Bucket, Key: keyOf(number), Body: text }));
}

async function remove(number: number): Promise<void> {
  await s3().send(new DeleteObjectCommand({ Bucket, Key: keyOf(number) }));
}

/** What is told of an archive of three receipts, and of a drill that is open, after somebody has done this to it. */
async function told(done: () => Promise<void>, ...args: readonly string[]) {
  await using at = await directory();
  await store(at.path, async () => {
    for (const [hour, id] of ['one', 'two', 'three'].entries()) await sealed({ id, hour });
    await sealed({ id: 'elsewhere', hour: 4, target: `${TARGET}/more` });
    await numbered({ id: 'open', hour: 5 });
    await done();
  });
  const { exitCode, out, err } = await runs(verify, at.path, '--target', TARGET, ...args);
  const lines = out.split('\n').map((line) => line.replace(`receipts/${TARGET}/`, ''));
  return { exitCode, err, lines: lines.filter((line) => line !== ''), out };
}

test('finds nothing wrong with an archive that nobody touched', async () => {
  expect(await told(async () => {})).toMatchObject({
    exitCode: 0,
    lines: ['001.json: ok', '002.json: ok', '003.json: ok'],
  });
});

test('names a receipt that was altered', async () => {
  const { exitCode, lines } = await told(async () =>
    put(2, (await read(2)).replace('"outcome": "passed"', '"outcome": "rescued"')),
  );
  expect(exitCode).toBe(1);
  expect(lines).toContain('002.json: outcome: was altered after the receipt was sealed');
  expect([lines.at(0), lines.at(-1)]).toEqual(['001.json: ok', '003.json: ok']);
});

test('names a receipt that was sealed again after it was altered, by the one that follows it', async () => {
  const { exitCode, lines } = await told(async () => {
    const { digest: _, fingerprints: __, ...content } = JSON.parse(await read(2)) as Receipt;
    const forged = { ...content, startedBy: 'somebody else' };
    const printed = { ...forged, fingerprints: fingerprintsOf(forged) };
    await put(2, JSON.stringify({ ...printed, digest: digestOf(printed) }));
  });
  expect(exitCode).toBe(1);
  expect(lines.find((line) => line.startsWith('002.json: startedBy'))).toContain('the stored receipt "ana"');
  expect(lines.find((line) => line.startsWith('003.json'))).toContain('previousDigest');
});

test.each([
  ['the first', 1, [': sequence: the first receipt has sequence 2: those before it are missing']],
  ['one in between', 2, ['003.json: sequence: sequence 3 follows 1: the receipt between them is missing']],
  [
    'the last',
    3,
    [expect.stringMatching(/^: head: the archive ends with sequence 2, .*; the chain with 3, /)],
  ],
])('names what is missing when a receipt was removed: %s', async (_, number, findings) => {
  const { exitCode, lines } = await told(() => remove(number));
  expect(exitCode).toBe(1);
  expect(lines.filter((line) => !line.endsWith(': ok'))).toEqual(findings);
});

test('names an archive that was emptied', async () => {
  const { exitCode, lines } = await told(async () => {
    for (const number of [1, 2, 3]) await remove(number);
  });
  expect(exitCode).toBe(1);
  expect(lines).toEqual([expect.stringContaining(': head: the archive is empty; the chain with 3')]);
});

test('names both of two receipts that were swapped', async () => {
  const { exitCode, lines } = await told(async () => {
    const [two, three] = [await read(2), await read(3)];
    await put(2, three);
    await put(3, two);
  });
  expect(exitCode).toBe(1);
  expect(lines).toEqual([
    '001.json: ok',
    `003.json: key: it is archived as receipts/${TARGET}/003.json, and belongs to receipts/${TARGET}/002.json`,
    `002.json: key: it is archived as receipts/${TARGET}/002.json, and belongs to receipts/${TARGET}/003.json`,
  ]);
});

test('names what lies in the place of a receipt and is none', async () => {
  const { exitCode, out } = await told(() => put(2, '\u001b[2Jnothing'), '--json');
  expect(exitCode).toBe(1);
  expect(out).not.toContain('\u001b');
  expect(JSON.parse(out)).toMatchObject({
    ok: false,
    files: [
      { receipt: `${TARGET}#001`, verdict: 'ok', stored: 'same' },
      { receipt: `${TARGET}#003`, verdict: 'different' },
      { receipt: null, verdict: 'different', differences: [{ part: 'file' }] },
    ],
  });
});

test.each(['ecs:shop/none', '', 'x'.repeat(600), '\u001b[2J'])(
  'tells how targets are named when none is archived as %j',
  async (target) => {
    await using at = await directory();
    await store(at.path, async () => sealed({ id: 'one', hour: 1 }));
    const { exitCode, out, err } = await runs(verify, at.path, '--target', target);
    expect([exitCode, out]).toEqual([2, '']);
    expect(err).toContain('ecs:CLUSTER/SERVICE');
    expect(err).not.toContain('\u001b');
  },
);

test('verifies files or an archive, not both', async () => {
  await using at = await directory();
  const both = await runs(verify, at.path, '001.json', '--target', TARGET);
  expect([both.exitCode, both.err]).toEqual([2, 'Files or --target, not both; received 1 and --target.']);
  expect((await runs(verify, at.path)).err).toContain('drill verify --target ecs:demo/shop');
});
