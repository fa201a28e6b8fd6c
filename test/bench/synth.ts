import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/*
 * How long `cdk synth` takes for the app with the plans of `npm run test:deploy`, against an empty app that bundles the
 * functions once. In turns, so that whatever else the machine does slows all down alike.
 * `npm run bench:synth [-- ROUNDS]`; exit 1 when the ratio is over the limit.
 */

const ROUNDS = Number(process.argv[2] ?? 5);
const MOST_RATIO = 1.5;
const SYNTH_LIMIT_MS = 120_000;

const ROOT = join(import.meta.dirname, '../..');
/** What lib/infra/kept-bundle.ts keeps. */
const KEPT_BUNDLE = join(ROOT, 'node_modules/.cache/rollback-drills/functions');
const ENVIRONMENT = {
  DRILL_PLANS_DIR: join(ROOT, 'test/deploy/plans'),
  SHOP_URL: 'https://shop.example.com',
};

const output = await mkdtemp(join(tmpdir(), 'bench-'));
try {
  process.exitCode = compare() ? 0 : 1;
} finally {
  await rm(output, { recursive: true, force: true });
}

function compare(): boolean {
  const times = { first: [] as number[], again: [] as number[], empty: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    const inTurns = [
      () => {
        rmSync(KEPT_BUNDLE, { recursive: true, force: true });
        times.first.push(synthMs('bin/app.ts'));
        times.again.push(synthMs('bin/app.ts'));
      },
      () => times.empty.push(synthMs('test/bench/programs/empty-app.ts')),
    ];
    for (const synth of round % 2 === 0 ? inTurns : inTurns.toReversed()) synth();
  }
  const [first, again, empty] = [median(times.first), median(times.again), median(times.empty)];
  const ratio = first / empty;
  const isGood = ratio <= MOST_RATIO;
  console.log(`median of ${ROUNDS} runs of cdk synth, in turns:`);
  console.log(`  the app, the first time            ${seconds(first)}`);
  console.log(`  the app, with the bundles kept     ${seconds(again)}`);
  console.log(`  an empty app, and bundling once    ${seconds(empty)}`);
  console.log(`ratio ${ratio.toFixed(2)} ${isGood ? '≤' : '>'} ${MOST_RATIO}: ${isGood ? 'ok' : 'too slow'}`);
  return isGood;
}

function synthMs(app: string): number {
  const from = performance.now();
  const arguments_ = ['synth', '--quiet', '--app', `${process.execPath} ${app}`, '--output', output];
  execFileSync(join(ROOT, 'node_modules/.bin/cdk'), arguments_, {
    cwd: ROOT,
    env: { ...process.env, ...ENVIRONMENT },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: SYNTH_LIMIT_MS,
  });
  return performance.now() - from;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}
