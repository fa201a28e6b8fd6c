/**
 * A process with a sandbox of its own, which drills one case after another: `DIRECTORY CODE NAME`. Over IPC it is sent
 * cases and `close`, and sends a `Recording` once it is ready, then a row for each case.
 */
import { receipts } from '../../../lib/adapters/aws/wiring/records.ts';
import { ARNS } from '../../../lib/cli/settings.ts';
import type { Receipt } from '../../../lib/drill/seal.ts';
import type { RealRow } from '../real.ts';
import { nameOf, type RealCase, type Recording } from '../real-case.ts';
import { brokenBy } from '../real-check.ts';
import { realDrill, statesOf, within } from '../real-drill.ts';
import { alarmsAreOk, shopService, startRealSandbox } from '../real-sandbox.ts';

const [directory = '', code = '', name = ''] = process.argv.slice(2);
const calls = new Map<string, number>();
let drills = 0;
let previous: Receipt | undefined;

process.once('disconnect', () => process.exit(1));
const sandbox = await startRealSandbox(directory, code, name, (service, operation) => {
  const call = `${service}.${operation}`;
  calls.set(call, (calls.get(call) ?? 0) + 1);
});
process.on('message', (message: RealCase | 'close') => {
  if (message === 'close') return void end();
  run(message).then(
    (row) => process.send?.(row),
    (error: Error) => process.send?.({ ...nameOf(message), outcome: 'none', broken: [String(error.stack)] }),
  );
});
process.send?.(await record());

/** The first drill, undisturbed, finds every function cold. */
async function record(): Promise<Recording & { readonly row: RealRow }> {
  calls.clear();
  const row = await run({ kind: 'clean' });
  const executionArn = `${ARNS.drillMachine.replace(':stateMachine:', ':execution:')}:${name}-${drills}`;
  return { calls: Object.fromEntries(calls), states: await statesOf(executionArn), row };
}

async function run(each: RealCase): Promise<RealRow> {
  await within(15_000, async () => (await shopService()).settled && (await alarmsAreOk()));
  const { taskDefinition: healthy } = await shopService();
  drills += 1;
  const drillId = `${name}-${drills}`;
  const startedAt = Date.now();
  const record = await realDrill(sandbox, drillId, each);
  const broken = await brokenBy(sandbox, { each, drillId, record, healthy, startedAt, previous });
  const sealed = await receipts().find(drillId);
  if (sealed && sealed.number !== null) previous = sealed;
  return { ...nameOf(each), outcome: record?.outcome ?? 'none', broken, tookMs: Date.now() - startedAt };
}

async function end(): Promise<void> {
  await sandbox.close();
  process.disconnect();
  process.exit(0);
}
