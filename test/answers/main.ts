/*
 * `npm run answers [-- DIRECTORY]`: twelve mixed drills on real processes, and then every figure three times: as `stats --json`
 * tells it, as the API does, and computed from the raw receipts. About four minutes. A directory that is named is kept.
 */
import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { attach } from '../../lib/cli/running.ts';
import { useSandbox } from '../../lib/cli/settings.ts';
import bundle from '../e2e/fixtures/bundled-functions.ts';
import { drill, drillDirectory, type RunningCommand } from '../e2e/fixtures/drill.ts';
import { asked } from './api.ts';
import { disagreements, type Told } from './disagreements.ts';
import { recomputed } from './recomputed.ts';
import { IN_TURN, WITH_FAULTS } from './twelve-drills.ts';

const TARGET = 'ecs:demo/shop';
/** Each must have come; which drill it was does not matter, as on a busy machine one ends otherwise at times. */
const MEANT = ['passed', 'rescued', 'failed', 'refused', 'aborted'];

const wrong: string[] = [];
const own = process.argv[2] === undefined ? drillDirectory() : undefined;
const directory = own?.path ?? (process.argv[2] as string);
mkdirSync(directory, { recursive: true });
await bundle();
try {
  for (const mixed of WITH_FAULTS) await drilled(mixed);
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
  console.log(
    `${came.outcome === outcome ? '✓' : '✗'} ${came.outcome.padEnd(12)} ${came.id} in ${seconds} s`,
  );
}

async function compare(): Promise<void> {
  const running = await attach(directory);
  if (!running) throw new Error('the sandbox is not up');
  useSandbox(running.environment);
  const asOf = new Date().toISOString();
  const list = (await json('list', '--limit', '1000')) as unknown as readonly Told[];
  const documents = await Promise.all(list.map(({ id }) => said('show', String(id), '--json')));
  const line = await json('stats', '--target', TARGET, '--as-of', asOf);
  const api = await asked(directory, `/targets/${encodeURIComponent(TARGET)}/statistics?asOf=${asOf}`);
  const figures = recomputed(documents, Date.parse(asOf));
  wrong.push(...disagreements(line, figures).map((found) => `stats: ${found}`));
  wrong.push(...disagreements(api, figures).map((found) => `API: ${found}`));
  if (!isDeepStrictEqual(api, line))
    wrong.push(`stats tells ${JSON.stringify(line)}, the API ${JSON.stringify(api)}`);
  if (MEANT.some((outcome) => figures.outcomes[outcome] === 0))
    wrong.push(`the drills are not mixed: ${JSON.stringify(figures.outcomes)}`);
  await compareDrills(list, documents);
  await verified(documents);
  console.log(JSON.stringify(figures, null, 2));
}

/** The API's list of drills, and every document, byte by byte of what it says. */
async function compareDrills(list: readonly Told[], documents: readonly string[]): Promise<void> {
  const { items } = await asked(directory, `/targets/${encodeURIComponent(TARGET)}/drills?limit=100`);
  if (!isDeepStrictEqual(items, list)) wrong.push('the API lists other drills than the command line');
  for (const [at, { id }] of list.entries()) {
    const receipt = await asked(directory, `/drills/${id}/receipt`);
    if (!isDeepStrictEqual(receipt, JSON.parse(documents[at] ?? '')))
      wrong.push(`the API has another receipt of ${id}`);
  }
}

async function verified(documents: readonly string[]): Promise<void> {
  const receipts = documents.filter((text) => JSON.parse(text).number !== null).toReversed();
  const files = receipts.map((_, at) => join(directory, `${at}.json`));
  await Promise.all(files.map((file, at) => writeFile(file, receipts[at] ?? '')));
  const { exitCode, stdout } = await drill(directory, 'verify', ...files).ended;
  if (exitCode !== 0) wrong.push(`verify: ${stdout}`);
  const [rebuilt] = (await json('rebuild-statistics', '--dry-run')) as unknown as readonly Told[];
  if (rebuilt?.kind !== 'agreed') wrong.push(`rebuild-statistics: ${JSON.stringify(rebuilt)}`);
}

async function json(...args: readonly string[]): Promise<Told> {
  return JSON.parse(await said(...args, '--json')) as Told;
}

async function said(...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await drill(directory, ...args).ended;
  if (stdout === '') throw new Error(`drill ${args.join(' ')} told nothing: ${stderr}`);
  return stdout;
}
