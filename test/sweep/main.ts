import { startSweep } from './sweep.ts';
import { closing, table } from './table.ts';

const EVERY = 100;

const sweep = await startSweep();
const rows = await sweep
  .run(sweep.cases, (left) => {
    if (left % EVERY === 0) process.stderr.write(`${left} cases left\n`);
  })
  .finally(() => sweep.end());
const broken = rows.flatMap((row) =>
  row.broken.map((one) => `${one.invariant}: ${row.scenario}, ${row.what}, ${row.fault}: ${one.what}`),
);
process.stdout.write(`${[table(rows), ...broken, closing(rows)].join('\n')}\n`);
process.exitCode = broken.length > 0 ? 1 : 0;
