import { runRealCases } from './real.ts';
import { startSweep } from './sweep.ts';
import { brokenLines, closing, realLine, rowLine } from './table.ts';

const TOLD_EVERY = 100;

/* `npm run sweep -- 'through a pipeline'` sweeps that scenario alone, in simulated time. */
const only = process.argv[2];

const sweep = await startSweep();
if (only !== undefined && !sweep.recorded.has(only))
  throw new Error(`there is no scenario '${only}'; there are ${[...sweep.recorded.keys()].join(', ')}`);
const cases = sweep.cases.filter(({ scenario }) => only === undefined || scenario === only);
// Real drills mostly wait, simulated ones never do.
const [rows, real] = await Promise.all([
  sweep.run(cases, tell).finally(() => sweep.end()),
  only === undefined ? runRealCases() : [],
]);
const broken = brokenLines(rows, real);
process.stdout.write(`${[...rows.map(rowLine), ...real.map(realLine), ...broken].join('\n')}\n`);
process.stdout.write(`${closing(rows, real)}\n`);
process.exitCode = broken.length > 0 ? 1 : 0;

function tell(left: number): void {
  if (left % TOLD_EVERY === 0) process.stderr.write(`${left} simulated drills left\n`);
}
