import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noteOf } from '../../../lib/cli/journal-notes.ts';
import { readReceipt } from '../../../lib/cli/receipt-file.ts';
import { summary } from '../../../lib/cli/summary.ts';
import type { Entry } from '../../../lib/drill/entry.ts';
import { verify } from '../../../lib/drill/verify.ts';
import { markdown } from '../../../lib/report/markdown.ts';
import { at, goodDrill, having } from '../drill/fixtures/journal.ts';
import { receiptOf } from './fixtures/drills.ts';
import { Pipe } from './fixtures/screen.ts';

const WAY_BACK = [
  'aws codepipeline rollback-stage --pipeline-name shop --stage-name Deploy --target-pipeline-execution-id healthy-3',
  'aws codepipeline start-pipeline-execution --name shop --variables name=image_tag,value=v4',
];
const BAD = { id: 'bad-7', variables: { image_tag: 'v5-bad' }, sourceRevisions: [] };
const HEALTHY = {
  id: 'healthy-3',
  variables: { image_tag: 'v4' },
  sourceRevisions: [{ action: 'Source', revision: '9d1e' }],
};
const REVERT = { ...HEALTHY, id: 'revert-8' };

const CAPTURED: Entry = {
  kind: 'captured',
  key: 'captured',
  lastHealthy: { taskDefinition: 'shop:4', imageDigest: 'sha256:4444', execution: HEALTHY },
  revision: 'pipeline version 3, execution healthy-3, rev-4',
  tasks: 2,
  wayBack: WAY_BACK,
};
const DEPLOYED: Entry = {
  kind: 'known-bad-deployed',
  key: 'known-bad-deployed',
  release: { taskDefinition: null, imageDigest: null, execution: BAD },
  deployment: 'bad-7',
  registered: null,
};
const ROLLED_BACK: Entry = {
  kind: 'path',
  key: 'path/0/codepipeline-rollback-stage/accepted',
  path: 'codepipeline-rollback-stage',
  result: 'accepted',
  reason: 'reply to the call of path codepipeline-rollback-stage',
  at: at(26),
  execution: REVERT,
};

const JOURNAL = having(goodDrill(), CAPTURED, DEPLOYED, ROLLED_BACK);
const RECEIPT = receiptOf(JOURNAL);

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'drill-receipt-'));
});

afterAll(() => rm(directory, { recursive: true }));

async function read(receipt: object) {
  const file = join(directory, 'receipt.json');
  await writeFile(file, JSON.stringify(receipt));
  return readReceipt(file);
}

test('an execution without an id, or with a revision of no action, is no part of a receipt', async () => {
  const { path, releases } = RECEIPT;
  const [first, ...others] = path.tried;
  const withoutId = { ...RECEIPT, path: { ...path, tried: [{ ...first, execution: {} }, ...others] } };
  expect(await read(withoutId)).toMatchObject({
    kind: 'broken',
    findings: expect.arrayContaining([expect.objectContaining({ part: 'path.tried.0.execution.id' })]),
  });
  const execution = { ...BAD, sourceRevisions: [{ revision: '9d1e' }] };
  const knownBad = { ...releases.knownBad, execution };
  expect(await read({ ...RECEIPT, releases: { ...releases, knownBad } })).toMatchObject({ kind: 'broken' });
});

test('a receipt of an earlier version, which tells no way back by hand, is still one', async () => {
  const { byHand: _, ...path } = RECEIPT.path;
  expect(await read({ ...RECEIPT, path })).toMatchObject({ kind: 'receipt' });
});

test('the executions of a receipt are covered by its digest', () => {
  expect(verify([RECEIPT])).toEqual([]);
  const [first, ...others] = RECEIPT.path.tried;
  const tried = [{ ...first, execution: { ...REVERT, id: 'another' } }, ...others];
  const changed = { ...RECEIPT, path: { ...RECEIPT.path, tried } } as typeof RECEIPT;
  expect(verify([changed])).not.toEqual([]);
});

test.each([
  ['the summary', () => summary(RECEIPT, new Pipe())],
  ['the page', () => markdown(RECEIPT).replaceAll('\\', '')],
])('%s names every execution with what makes it repeatable, and the commands by hand', (_, written) => {
  const text = written().replaceAll(/\s+/g, ' ');
  expect(text).toContain('execution bad-7 with image_tag=v5-bad');
  expect(text).toContain('execution healthy-3 with image_tag=v4, Source at 9d1e');
  expect(text).toContain('execution revert-8 with image_tag=v4, Source at 9d1e');
  for (const command of WAY_BACK) expect(text).toContain(command);
});

test('while the drill runs, its lines name them too', () => {
  expect([CAPTURED, DEPLOYED, ROLLED_BACK].map((entry) => noteOf(entry, String)?.text)).toEqual([
    'last healthy release is shop:4, 2 tasks, execution healthy-3 with image_tag=v4, Source at 9d1e',
    'known-bad release deployed: execution bad-7 with image_tag=v5-bad',
    'codepipeline-rollback-stage accepted: reply to the call of path codepipeline-rollback-stage, execution revert-8 with image_tag=v4, Source at 9d1e',
  ]);
});
