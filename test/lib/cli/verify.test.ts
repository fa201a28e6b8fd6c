import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { receipts } from '../../../lib/adapters/aws/wiring/records.ts';
import { verify } from '../../../lib/cli/verify.ts';
import { digestOf } from '../../../lib/drill/digest.ts';
import { recordFrom } from '../../../lib/drill/record.ts';
import { fingerprintsOf, type Receipt } from '../../../lib/drill/seal.ts';
import { goodDrill } from '../drill/fixtures/journal.ts';
import { runs } from './fixtures/command.ts';
import { receiptOf } from './fixtures/drills.ts';
import { type Directory, directory, sealed, store } from './fixtures/records.ts';

let at: Directory;
let nowhere: string;
let chain: readonly Receipt[];

beforeAll(async () => {
  at = await directory();
  nowhere = join(at.path, 'none');
  await store(at.path, async () => {
    for (const [index, id] of ['one', 'two', 'three'].entries()) await sealed({ id, hour: index });
    const found = await Promise.all(['one', 'two', 'three'].map((id) => receipts().find(id)));
    chain = found as readonly Receipt[];
  });
});

afterAll(() => at[Symbol.asyncDispose]());

async function file(name: string, content: unknown): Promise<string> {
  const path = join(at.path, name);
  await writeFile(path, typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);
  return path;
}

/** What somebody makes who knows how receipts are sealed. */
function resealed(receipt: Receipt, changes: Partial<Receipt>): Receipt {
  const { digest: _, fingerprints: __, ...content } = { ...receipt, ...changes };
  const printed = { ...content, fingerprints: fingerprintsOf(content) };
  return { ...printed, digest: digestOf(printed) };
}

test('asks for receipts when none is named', async () => {
  expect(await runs(verify, nowhere)).toMatchObject({ exitCode: 2, out: '' });
});

test.each([
  ['nothing.json', undefined, 'cannot be read: there is no such file'],
  ['text.json', 'hello', 'is not JSON'],
  ['half.json', '{"schema": "rollback-drill/receipt/v1", "id":', 'is not JSON'],
  ['list.json', [1, 2], 'is not a receipt: it does not say schema "rollback-drill/receipt/v1"'],
  ['null.json', 'null', 'is not a receipt'],
  ['deep.json', '['.repeat(200_000) + ']'.repeat(200_000), 'is not a receipt'],
  ['later.json', { schema: 'rollback-drill/receipt/v2' }, 'this version knows'],
  ['record.json', recordFrom(goodDrill()), 'a drill that touched nothing'],
])('cannot judge %s', async (name, content, reason) => {
  const path = content === undefined ? join(at.path, name) : await file(name, content);
  const { exitCode, out } = await runs(verify, nowhere, path);
  expect(exitCode).toBe(2);
  expect(out).toContain(`${path}: `);
  expect(out).toContain(reason);
});

test.each<[string, (receipt: Receipt) => unknown]>([
  [
    'figures.rehearsalTimerMs',
    (receipt) => ({ ...receipt, figures: { ...receipt.figures, rehearsalTimerMs: 1 } }),
  ],
  ['outcome', (receipt) => ({ ...receipt, outcome: 'rescued' })],
  [
    'marks.restored',
    (receipt) => ({
      ...receipt,
      marks: { ...receipt.marks, restored: { ...receipt.marks.restored, at: 'yesterday' } },
    }),
  ],
  ['gaps', (receipt) => ({ ...receipt, gaps: [] })],
  ['remark', (receipt) => ({ ...receipt, remark: 'all was well' })],
  ['commands', (receipt) => ({ ...receipt, commands: 'none' })],
  ['validations', ({ validations: _, ...receipt }) => receipt],
  ['marks.badServing', (receipt) => ({ ...receipt, marks: { ...receipt.marks, badServing: 7 } })],
])('finds that %s was altered', async (part, alter) => {
  const path = await file('altered.json', alter(receiptOf()));
  const { exitCode, out } = await runs(verify, nowhere, path);
  expect(exitCode).toBe(1);
  expect(out).toContain(`${path}: ${part}: `);
});

test('finds a name that stands twice, of which a reader sees one and a program the other', async () => {
  const text = JSON.stringify(receiptOf(), null, 2).replace(
    '"outcome":',
    '"outcome": "failed",\n  "outcome":',
  );
  const { exitCode, out } = await runs(verify, nowhere, await file('twice.json', text));
  expect(exitCode).toBe(1);
  expect(out).toContain('file: a name stands twice');
});

test('finds by the stored receipt what was sealed again after it was altered', async () => {
  const [one] = chain;
  const forged = resealed(one as Receipt, { startedBy: 'somebody else' });
  const path = await file('forged.json', forged);
  expect(await runs(verify, nowhere, path)).toMatchObject({ exitCode: 0 });
  const { exitCode, out } = await runs(verify, at.path, path);
  expect(exitCode).toBe(1);
  expect(out).toContain('startedBy: the file says "somebody else", the stored receipt "ana"');
  expect(
    await runs(verify, at.path, await file('renamed.json', resealed(one as Receipt, { id: 'other' }))),
  ).toMatchObject({ exitCode: 1 });
});

test('finds a receipt that is missing between others, and one that does not follow', async () => {
  const [one, two, three] = chain as [Receipt, Receipt, Receipt];
  const [first, third] = [await file('001.json', one), await file('003.json', three)];
  const missing = await runs(verify, nowhere, first, third);
  expect(missing.exitCode).toBe(1);
  expect(missing.out).toContain(`${first}: ok\n`);
  expect(missing.out).toMatch(/003\.json: sequence: .*the receipt between them is missing/);
  const other = await file('002.json', resealed(two, { previousDigest: 'sha256:0' }));
  const loose = await runs(verify, nowhere, first, other);
  expect(loose.exitCode).toBe(1);
  expect(loose.out).toContain('002.json: previousDigest: ');
});

test('names both of two receipts that were swapped, and no other', async () => {
  const files = [
    await file('001.json', chain[0]),
    await file('002.json', chain[2]),
    await file('003.json', chain[1]),
  ];
  for (const records of [nowhere, at.path]) {
    const { exitCode, out } = await runs(verify, records, '--json', ...files);
    expect(exitCode).toBe(1);
    expect(JSON.parse(out).files).toMatchObject([
      { receipt: 'ecs:shop/web#001', verdict: 'ok' },
      {
        file: files[1],
        receipt: 'ecs:shop/web#003',
        verdict: 'different',
        differences: [{ part: 'sequence' }],
      },
      {
        file: files[2],
        receipt: 'ecs:shop/web#002',
        verdict: 'different',
        differences: [{ part: 'sequence' }],
      },
    ]);
  }
});

test('tells an alteration before a file that it could not judge', async () => {
  const altered = await file('altered.json', { ...receiptOf(), outcome: 'rescued' });
  expect(await runs(verify, nowhere, join(at.path, 'nothing.json'), altered)).toMatchObject({ exitCode: 1 });
});

test('names receipts that are given in another order than they were sealed', async () => {
  const files = [await file('002.json', chain[1]), await file('001.json', chain[0])];
  const { exitCode, out } = await runs(verify, at.path, ...files);
  expect(exitCode).toBe(1);
  expect(out).toContain('receipts must be given in the order of their sequence');
});

test('finds nothing wrong with what was not altered, however it is laid out', async () => {
  const [one, two, three] = chain as [Receipt, Receipt, Receipt];
  const reordered = Object.fromEntries(Object.entries(two).toReversed());
  const files = [
    await file('001.json', JSON.stringify(one)),
    await file('002.json', reordered),
    await file('003.json', three),
  ];
  for (const records of [nowhere, at.path]) {
    expect(await runs(verify, records, ...files)).toEqual({
      exitCode: 0,
      out: files.map((path) => `${path}: ok\n`).join(''),
      err: '',
    });
  }
});

test('answers with one JSON document', async () => {
  const good = await file('001.json', chain[0]);
  const bad = await file('altered.json', { ...chain[1], outcome: 'rescued' });
  const { exitCode, out } = await runs(verify, at.path, '--json', good, bad, join(at.path, 'nothing.json'));
  expect(exitCode).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    ok: false,
    files: [
      { receipt: 'ecs:shop/web#001', verdict: 'ok', stored: 'same', differences: [] },
      { receipt: 'ecs:shop/web#002', verdict: 'different', stored: 'different' },
      { receipt: null, verdict: 'unreadable', reason: 'cannot be read: there is no such file' },
    ],
  });
});
