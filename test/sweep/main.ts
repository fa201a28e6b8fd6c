import { runRealCases } from './real.ts';
import { startSweep } from './sweep.ts';
import { brokenLines, closing, realLine, rowLine } from './table.ts';

const TOLD_EVERY = 100;

const sweep = await startSweep();
// Real drills mostly wait, simulated ones never do.
const [rows, real] = await Promise.all([
  sweep.run(sweep.cases, tell).finally(() => sweep.end()),
  runRealCases(),
]);
const broken = brokenLines(rows, real);
process.stdout.write(`${[...rows.map(rowLine), ...real.map(realLine), ...broken].join('\n')}\n`);
process.stdout.write(`${closing(rows, real)}\n`);
process.exitCode = broken.length > 0 ? 1 : 0;

function tell(left: number): void {
  if (left % TOLD_EVERY === 0) process.stderr.write(`${left} simulated drills left\n`);
}
