/*
 * `npm run answers [-- DIRECTORY]`: twelve mixed drills on real processes, and then every figure three times: as `stats --json`
 * tells it, as the API does, and computed from the raw receipts. About four minutes. A directory that is named is kept.
 */
import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Api, apiClient, inPath } from '../../docs/examples/api-client.ts';
import { attach } from '../../lib/cli/running.ts';
import bundle from '../e2e/fixtures/bundled-functions.ts';
import { drill, drillDirectory, type RunningCommand } from '../e2e/fixtures/drill.ts';
import { disagreements, type Told } from './disagreements.ts';
import { recomputed } from './recomputed.ts';
import { ALONE, IN_TURN } from './twelve-drills.ts';

const TARGET = 'ecs:demo/shop';
/** Each must have come; which drill it was does not matter, as on a busy machine one ends otherwise at times. */
const MEANT = ['passed', 'rescued', 'failed', 'refused', 'aborted'];

const wrong: string[] = [];
const own = process.argv[2] === undefined ? drillDirectory() : undefined;
const directory = own?.path ?? (process.argv[2] as string);
mkdirSync(directory, { recursive: true });
await bundle();
try {
  for (const mixed of ALONE) await drilled(mixed);
  const sandbox = await standing();
  try {
    for (const mixed of IN_TURN) await drilled(mixed);
    await compare();
  } finally {
    sandbox.process.kill('SIGTERM');
    await sandbox.ended;
  }
} finally {
  own?.remove();
}
console.log(wrong.length === 0 ? 'all three agree on every figure' : wrong.join('\n'));
process.exitCode = wrong.length === 0 ? 0 : 1;

async function standing(): Promise<RunningCommand> {
  const command = drill(directory, 'sandbox');
  await command.until(/Ctrl-C/);
  return command;
}

async function drilled({ outcome, run }: (typeof IN_TURN)[number]): Promise<void> {
  const from = performance.now();
  const came = await run(directory);
  const seconds = ((performance.now() - from) / 1_000).toFixed(1);
  const meant = came.outcome === outcome ? '' : `, meant to be ${outcome}`;
  console.log(`${came.outcome.padEnd(12)} ${came.id} in ${seconds} s${meant}`);
}

async function compare(): Promise<void> {
  const api = await signedApi();
  const asOf = new Date().toISOString();
  const list = await json<readonly Told[]>('list', '--limit', '1000');
  const documents: string[] = [];
  for (const { id } of list) documents.push(await said('show', String(id), '--json'));
  const line = await json('stats', '--target', TARGET, '--as-of', asOf);
  const answer = await api.call<Told>('GET', `/targets/${inPath(TARGET)}/statistics?asOf=${asOf}`);
  const figures = recomputed(documents, Date.parse(asOf));
  wrong.push(...disagreements(line, figures).map((found) => `stats: ${found}`));
  wrong.push(...disagreements(answer, figures).map((found) => `API: ${found}`));
  if (!isDeepStrictEqual(answer, line))
    wrong.push(`stats tells ${JSON.stringify(line)}, the API ${JSON.stringify(answer)}`);
  if (MEANT.some((outcome) => figures.outcomes[outcome] === 0))
    wrong.push(`the drills are not mixed: ${JSON.stringify(figures.outcomes)}`);
  await compareDrills(api, list, documents);
  await verified(documents);
  console.log(JSON.stringify(figures, null, 2));
}

async function signedApi(): Promise<Api> {
  const running = await attach(directory);
  if (!running) throw new Error('no sandbox is up');
  const credentials = { accessKeyId: 'auditor', secretAccessKey: 'sandbox' };
  return apiClient({ url: running.apiUrl, region: 'us-east-1', credentials });
}

/** The list of drills, page by page, and every document. */
async function compareDrills(api: Api, list: readonly Told[], documents: readonly string[]): Promise<void> {
  const items: Told[] = [];
  for await (const item of api.all<Told>(`/targets/${inPath(TARGET)}/drills?limit=5`)) items.push(item);
  if (!isDeepStrictEqual(items, list)) wrong.push('the API lists other drills than the command line');
  for (const [at, { id }] of list.entries()) {
    const receipt = await api.call<Told>('GET', `/drills/${id}/receipt`);
    if (!isDeepStrictEqual(receipt, JSON.parse(documents[at] ?? '')))
      wrong.push(`the API has another receipt of ${id}`);
  }
}

async function verified(documents: readonly string[]): Promise<void> {
  const receipts = documents.filter((text) => JSON.parse(text).number !== null).toReversed();
  const files = receipts.map((_, at) => join(directory, `${at}.json`));
  await Promise.all(files.map((file, at) => writeFile(file, receipts[at] ?? '')));
  for (const args of [files, ['--target', TARGET]]) {
    const { exitCode, stdout } = await drill(directory, 'verify', ...args).ended;
    if (exitCode !== 0) wrong.push(`verify: ${stdout}`);
  }
  const [rebuilt] = await json<readonly Told[]>('rebuild-statistics', '--dry-run');
  if (rebuilt?.kind !== 'agreed') wrong.push(`rebuild-statistics: ${JSON.stringify(rebuilt)}`);
}

async function json<Answer = Told>(...args: readonly string[]): Promise<Answer> {
  return JSON.parse(await said(...args, '--json')) as Answer;
}

async function said(...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await drill(directory, ...args).ended;
  if (stdout === '') throw new Error(`drill ${args.join(' ')} told nothing: ${stderr}`);
  return stdout;
}
