import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { BUNDLING } from '../../lib/infra/bundle.ts';
import { FUNCTION_NAMES, type FunctionName, folderOf } from '../../lib/infra/functions.ts';
import { mostBytesOf } from '../infra/bundle-limits.ts';
import { bareClients } from './bare-clients.ts';

/*
 * How large the bundle of each function is, and how long a new process takes to load it, against one of nothing but the SDK
 * clients and commands that it uses. Both in turns, so that whatever else the machine does slows both down alike.
 * `npm run bench:bundles [-- ROUNDS [FUNCTION…]]`; exit 1 when one is over a limit.
 */

const ROUNDS = Number(process.argv[2] ?? 15);
const NAMES = process.argv.length > 3 ? named(process.argv.slice(3)) : FUNCTION_NAMES;
const MOST_RATIO = 1.5;
const LOAD_LIMIT_MS = 30_000;

const ARN = 'arn:aws:service:eu-west-1:000000000000:name';
const ENVIRONMENT = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  TABLE_NAME: 'drills',
  BUCKET_NAME: 'receipts',
  TOPIC_ARN: ARN,
  DRILL_STATE_MACHINE_ARN: ARN,
  WITNESS_STATE_MACHINE_ARN: ARN,
  WATCHDOG_FUNCTION_ARN: ARN,
  SEAL_FUNCTION_ARN: ARN,
  SCHEDULER_ROLE_ARN: ARN,
};

interface Bundles {
  readonly name: FunctionName;
  readonly bytes: number;
  readonly file: string;
  readonly bareFile: string;
}

const directory = await mkdtemp(join(tmpdir(), 'bench-'));
try {
  const made: Bundles[] = [];
  for (const name of NAMES) made.push(await bundled(name, directory));
  process.exitCode = measure(made) ? 0 : 1;
} finally {
  await rm(directory, { recursive: true, force: true });
}

function measure(made: readonly Bundles[]): boolean {
  console.log(`bytes, and median ms of ${ROUNDS} loads in new processes, in turns with the bare SDK:`);
  console.log(
    `${'function'.padEnd(24)}${'bytes'.padStart(9)}${'at most'.padStart(11)}${'ms'.padStart(8)}${'bare'.padStart(8)}  ratio`,
  );
  return made.map(isWithinLimits).every(Boolean);
}

function isWithinLimits(one: Bundles): boolean {
  const [ms, bareMs] = loaded(one);
  const ratio = ms / bareMs;
  const over = [
    one.bytes > mostBytesOf(one.name) ? `more than ${mostBytesOf(one.name)} bytes` : '',
    ratio > MOST_RATIO ? `slower than ${MOST_RATIO} times` : '',
  ].filter(Boolean);
  const sizes = `${String(one.bytes).padStart(9)}${String(mostBytesOf(one.name)).padStart(11)}`;
  const figures = `${sizes}${ms.toFixed(1).padStart(8)}${bareMs.toFixed(1).padStart(8)}${ratio.toFixed(2).padStart(7)}`;
  console.log(`${one.name.padEnd(24)}${figures}  ${over.join(', ') || 'ok'}`);
  return over.length === 0;
}

async function bundled(name: FunctionName, directory: string): Promise<Bundles> {
  const entry = `functions/${folderOf(name)}/handler.ts`;
  const file = join(directory, `${name}.mjs`);
  const { metafile } = await build({ ...BUNDLING, entryPoints: [entry], outfile: file, outExtension: {} });
  const [output] = Object.values(metafile.outputs);
  if (!output) throw new Error(`${name} was not bundled`);
  const stdin = { contents: bareClients(output), resolveDir: BUNDLING.absWorkingDir };
  const bareFile = join(directory, `${name}.bare.mjs`);
  await build({ ...BUNDLING, stdin, outfile: bareFile, outExtension: {} });
  return { name, bytes: output.bytes, file, bareFile };
}

function loaded({ file, bareFile }: Bundles): readonly [ms: number, bareMs: number] {
  const [times, bareTimes]: [number[], number[]] = [[], []];
  // Once before, so that both files are in the system's memory.
  for (let round = -1; round < ROUNDS; round++) {
    const inTurns = [() => times.push(loadMs(file)), () => bareTimes.push(loadMs(bareFile))];
    for (const load of round % 2 === 0 ? inTurns : inTurns.toReversed()) load();
    if (round < 0) times.length = bareTimes.length = 0;
  }
  return [median(times), median(bareTimes)];
}

/** What the runtime does when a function starts cold: a process loads the module. */
function loadMs(file: string): number {
  const program = `const from = performance.now(); await import('${pathToFileURL(file)}'); console.log(performance.now() - from); process.exit();`;
  const options = { env: ENVIRONMENT, timeout: LOAD_LIMIT_MS };
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', program], options));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function named(asked: readonly string[]): readonly FunctionName[] {
  const found = FUNCTION_NAMES.filter((name) => asked.includes(name));
  if (found.length < asked.length) throw new Error(`${asked} are not all functions: ${FUNCTION_NAMES}`);
  return found;
}
