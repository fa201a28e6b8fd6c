/** `npm run bench:cost [-- --write]`: counts what one real drill uses, and prints what it costs on AWS. About five minutes; exit 1 when it is over the limit. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { costSection, usualUsd } from '../../lib/cost/cost-page.ts';
import bundle, { copyFunctions } from '../e2e/fixtures/bundled-functions.ts';
import { recordDrill } from './cost/recorded-drill.ts';

const MOST_USD = 0.01;
const RECORDING = new URL('../../docs/cost.json', import.meta.url);
const README = new URL('../../README.md', import.meta.url);

const directory = await mkdtemp(join(tmpdir(), 'cost-'));
try {
  await bundle();
  const code = join(directory, 'sandbox/functions');
  copyFunctions(code);
  const recording = await recordDrill(directory, code);
  const section = costSection(recording);
  console.log(section);
  if (process.argv.includes('--write')) {
    await writeFile(RECORDING, `${JSON.stringify(recording, null, 2)}\n`);
    const readme = await readFile(README, 'utf8');
    await writeFile(
      README,
      readme.replace(/## What one drill costs\n[\s\S]*?(?=\n## )/, () => section),
    );
  } else console.log(JSON.stringify(recording, null, 2));
  const usd = usualUsd(recording);
  console.log(`US$ ${usd.toFixed(4)} ${usd < MOST_USD ? '<' : '≥'} ${MOST_USD}`);
  process.exitCode = usd < MOST_USD ? 0 : 1;
} finally {
  await rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
