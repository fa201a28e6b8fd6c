import assert from 'node:assert/strict';
import { ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import type { Receipt } from '../../lib/drill/seal.ts';
import { verify } from '../../lib/drill/verify.ts';
import type { Deployed } from './deployed.ts';
import { archivedReceipts, ended, sealedReceipt, startDrill, visitedStates } from './drill.ts';
import { STATES_OF_A_PASSED_DRILL } from './expected-states.ts';
import { failOrder, recoverOrders, watchOrders } from './orders.ts';
import { check, say } from './proof.ts';
import { isRestored, knownBadMet } from './shop.ts';

/** A drill as a person starts it, from beginning to end. */
export async function provePassedDrill(deployed: Deployed): Promise<Receipt | undefined> {
  const { cloudWatch } = deployed.aws;
  await watchOrders(cloudWatch);
  const startedAt = Date.now();
  const [receipt] = await Promise.all([
    proveDrill(deployed, 'shop'),
    knownBadMet(deployed.sandbox, startedAt).then((metAt) => failOrder(cloudWatch, metAt)),
  ]);
  await recoverOrders(cloudWatch);
  await check('it tells for every trigger of the plan whether it has fired', () => {
    const table = receipt?.detection?.map((row) => [row.name, row.expected, row.fired, row.source]);
    assert.deepEqual(table, [
      ['smoke-red', true, true, 'probe'],
      ['deployment-failed', false, null, null],
      ['orders-failing', true, true, 'api'],
    ]);
  });
  return receipt;
}

/** The same machine returns through the pipeline, whose state the witness reads: no event tells of it here. */
export async function provePipelineDrill(deployed: Deployed): Promise<void> {
  const receipt = await proveDrill(deployed, 'shop-pipeline');
  await check('the red stage of the pipeline is the trigger, and the pipeline the way back', () => {
    assert.deepEqual(
      [receipt?.path.used, receipt?.detection?.find(({ name }) => name === 'smoke-stage-red')?.source],
      ['codepipeline-rollback-stage', 'api'],
    );
  });
}

async function proveDrill({ aws, outputs, sandbox }: Deployed, plan: string): Promise<Receipt | undefined> {
  const before = await archivedReceipts(aws.s3, outputs);
  const { executionArn, name } = await startDrill(aws.sfn, outputs, plan);
  const { status, error, cause } = await ended(aws.sfn, executionArn);
  const visited = await visitedStates(aws.sfn, executionArn);
  say(`visited: ${visited.join(' ')}`);
  await check('the execution ends as SUCCEEDED', () => {
    assert.equal(status, 'SUCCEEDED', `${error}: ${cause}`);
  });
  await check('it visits the states of a drill that passes, each once and in order', () => {
    assert.deepEqual(visited, STATES_OF_A_PASSED_DRILL);
  });
  const archived = await archivedReceipts(aws.s3, outputs);
  const receipt = archived.find(({ id }) => id === name);
  await check(
    'one receipt is archived; it says passed, and every figure and its digest can be recomputed',
    () => {
      assert.equal(archived.length, before.length + 1);
      assert.equal(receipt?.outcome, 'passed', receipt?.reasons.join('; '));
      assert.deepEqual(verify(receipt ? [receipt] : []), []);
    },
  );
  await check('the archived receipt is the one that was sealed', async () => {
    assert.deepEqual(JSON.parse((await sealedReceipt(aws.dynamo, outputs, name)) ?? '{}'), receipt);
  });
  await check('the watchdog is disarmed', async () => {
    const { Schedules } = await aws.scheduler.send(
      new ListSchedulesCommand({ NamePrefix: 'rollback-drill-' }),
    );
    assert.deepEqual(Schedules, []);
  });
  await check('the service runs its last healthy release again', () => isRestored(sandbox, receipt));
  return receipt;
}
