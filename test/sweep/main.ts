import { sweep } from './sweep.ts';
import { closing, table } from './table.ts';

const [every = '1'] = process.argv.slice(2);
const rows = await sweep({ every: Number(every), progress: (text) => process.stderr.write(text) });
process.stdout.write(`${table(rows)}\n`);
const broken = rows.flatMap((row) =>
  row.broken.map((one) => `${one.invariant}: ${row.scenario}, ${row.what}, ${row.fault}: ${one.what}`),
);
if (broken.length > 0) process.stdout.write(`${broken.join('\n')}\n`);
process.stdout.write(`${closing(rows)}\n`);
process.exit(broken.length > 0 ? 1 : 0);
