/** `npm run faults [NAME]…`: every fault alone, on real processes, and what the drill finds out about it. About four minutes. */
import { isDeepStrictEqual } from 'node:util';
import bundle from '../e2e/fixtures/bundled-functions.ts';
import { drillWith } from './drill.ts';
import { EXPECTED, EXPECTED_FAULTS, type ExpectedFault } from './expected.ts';

const AT_ONCE = 2;

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in EXPECTED));
if (unknown.length > 0) {
  console.error(`No such fault: ${unknown.join(', ')}. Known are ${EXPECTED_FAULTS.join(', ')}.`);
  process.exit(2);
}
const left = [...(asked.length > 0 ? (asked as ExpectedFault[]) : EXPECTED_FAULTS)];
const all = left.length;
await bundle();
let wrong = 0;
await Promise.all(Array.from({ length: AT_ONCE }, drillNext));
console.log(`${all} faults, ${wrong} not found out as they should be`);
process.exitCode = wrong === 0 ? 0 : 1;

async function drillNext(): Promise<void> {
  for (let fault = left.shift(); fault; fault = left.shift()) {
    const came = await drillWith(fault).catch((error: Error) => error);
    const isExpected = !(came instanceof Error) && isDeepStrictEqual(came.found, EXPECTED[fault]);
    if (!isExpected) wrong += 1;
    console.log(`${isExpected ? '✓' : '✗'} ${fault}: ${came instanceof Error ? came.message : told(came)}`);
  }
}

function told({ found, receipt }: Awaited<ReturnType<typeof drillWith>>): string {
  const reasons = receipt.validations
    .filter(({ verdict }) => verdict !== 'passed')
    .map(({ name, verdict, reason }) => `${name} ${verdict}: ${reason}`);
  const strays = (receipt.probes.summary?.strays ?? []).map(
    ({ instance, answers }) => `${answers} late answers of task ${instance}`,
  );
  const completeness = receipt.figures.completeness;
  const running = receipt.releases.runningAfter?.release ?? 'not known';
  return [
    `${found.outcome} (${found.exitCode})`,
    `completeness ${completeness}`,
    `${running} runs`,
    ...reasons,
    ...strays,
  ].join('; ');
}
