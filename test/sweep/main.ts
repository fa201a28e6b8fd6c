import { runRealCases } from './real.ts';
import { startSweep } from './sweep.ts';
import { brokenLines, closing, realLine, rowLine } from './table.ts';

const TOLD_EVERY = 100;

const sweep = await startSweep();
let left = sweep.cases.length;
const rows = await sweep
  .run(sweep.cases, () => {
    left -= 1;
    if (left % TOLD_EVERY === 0) process.stderr.write(`${left} simulated drills left\n`);
  })
  .finally(() => sweep.end());
process.stderr.write('drills on real processes\n');
const real = await runRealCases();
const broken = brokenLines(rows, real);
process.stdout.write(`${[...rows.map(rowLine), ...real.map(realLine), ...broken].join('\n')}\n`);
process.stdout.write(`${closing(rows, real)}\n`);
process.exitCode = broken.length > 0 ? 1 : 0;
