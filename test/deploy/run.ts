import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DescribeServicesCommand } from '@aws-sdk/client-ecs';
import { ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { SubscribeCommand } from '@aws-sdk/client-sns';
import { timeLimits } from '../../lib/drill/limits.ts';
import { verify } from '../../lib/drill/verify.ts';
import { deployablePlans } from '../../lib/infra/plans.ts';
import { deployShop } from '../../sandbox/shop/infrastructure.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start.ts';
import { ADAPTATIONS } from './adaptation.ts';
import type { Variables } from './command.ts';
import { archivedReceipts, drill, sealedReceipt, visitedStates } from './drill.ts';
import { STATES_OF_A_PASSED_DRILL } from './expected-states.ts';
import { installMiniStack, startMiniStack } from './ministack.ts';
import { failOrder, watchOrders } from './orders.ts';
import { adaptMachine, deployStack, type Outputs, useSandboxEcs } from './stack.ts';
import { cleanEnvironment, clientsOf } from './world.ts';

/*
 * Deploys the stack with the real CDK command into MiniStack, an AWS emulator that we did not write, and drills there. The
 * ECS service with its real processes is the sandbox's: MiniStack's needs Docker and cannot roll back.
 */

const PLANS = fileURLToPath(new URL('plans', import.meta.url));
const KEPT = fileURLToPath(new URL('../../.drill/test-deploy', import.meta.url));
const LOG = join(KEPT, 'ministack.log');
const WHOLE_LIMIT_MS = 900_000;
const CLEAN_UP_LIMIT_MS = 30_000;

const tally = { passed: 0, failed: 0 };
const cleanUp = new AsyncDisposableStack();
const giveUp = setTimeout(() => void end(`it took more than ${WHOLE_LIMIT_MS / 1000} s`), WHOLE_LIMIT_MS);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end(signal));

try {
  await prove();
} catch (error) {
  tally.failed++;
  console.log(`FAIL  ${(error as Error).message}`);
}
await end();

async function prove(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'drill-deploy-'));
  cleanUp.defer(() => rm(directory, { recursive: true, force: true }));
  const clean = cleanEnvironment(directory);
  await mkdir(KEPT, { recursive: true });
  await rm(LOG, { force: true });
  say('MiniStack: installing');
  const python = await installMiniStack(KEPT, clean);
  const miniStack = cleanUp.adopt(
    await startMiniStack(python, { directory, logFile: LOG }, clean),
    ({ close }) => close(),
  );
  say('sandbox: starting the shop');
  const sandbox = cleanUp.adopt(
    await startSandbox({ directory: join(directory, 'sandbox'), functions: () => [] }),
    ({ close }) => close(),
  );
  await deployShop({ ...sandbox, circuitBreaker: true });
  const variables = { SHOP_URL: sandbox.edgeUrl, DRILL_PLANS_DIR: PLANS };
  say('cdk: bootstrap and deploy');
  const outputs = await deployStack({ ...clean, ...miniStack.environment, ...variables }, directory);
  await proveDeployed(miniStack.environment, outputs);
  await adapt(miniStack.environment, sandbox.environment, outputs, variables);
  say('drilling');
  await proveDrilled(miniStack.environment, sandbox, outputs);
  await check('users really met the known-bad release', async () => {
    assert.ok(await knownBadMetAt(sandbox.truthFile));
  });
}

async function proveDeployed(environment: Variables, { StateMachineArn }: Outputs): Promise<void> {
  const { sfn } = clientsOf(environment);
  await check('the stack is deployed by the real CDK, and that starts no drill', async () => {
    const { executions } = await sfn.send(new ListExecutionsCommand({ stateMachineArn: StateMachineArn }));
    assert.deepEqual(executions, []);
  });
}

async function adapt(
  environment: Variables,
  sandbox: Variables,
  { StateMachineArn, TopicArn }: Outputs,
  variables: Variables,
): Promise<void> {
  const { lambda, sfn, sns } = clientsOf(environment);
  const [plan] = await deployablePlans(PLANS, variables);
  assert(plan, 'there is no plan to drill');
  for (const adaptation of ADAPTATIONS) say(`adapted: ${adaptation}`);
  await adaptMachine(sfn, StateMachineArn, timeLimits(plan));
  await useSandboxEcs(lambda, sandbox.AWS_ENDPOINT_URL ?? '');
  // Without a person who is subscribed, a page would reach nobody, and no drill starts.
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'on-call@example.com' }));
}

async function proveDrilled(environment: Variables, sandbox: Sandbox, outputs: Outputs): Promise<void> {
  const { cloudWatch, dynamo, s3, scheduler, sfn } = clientsOf(environment);
  await watchOrders(cloudWatch);
  const [execution] = await Promise.all([
    drill(sfn, outputs.StateMachineArn),
    failOrder(cloudWatch, () => knownBadMetAt(sandbox.truthFile)),
  ]);
  const { executionArn = '', name = '', status, error, cause } = execution;
  const visited = await visitedStates(sfn, executionArn);
  say(`visited: ${visited.join(' ')}`);
  await check('the execution ends as SUCCEEDED', () => {
    assert.equal(status, 'SUCCEEDED', `${error}: ${cause}`);
  });
  await check('it visits the states of a drill that passes, each once and in order', () => {
    assert.deepEqual(visited, STATES_OF_A_PASSED_DRILL);
  });
  const archived = await archivedReceipts(s3, outputs);
  await check(
    'one receipt is archived; it says passed, and every figure and its digest can be recomputed',
    () => {
      assert.equal(archived.length, 1);
      assert.equal(archived[0]?.outcome, 'passed', archived[0]?.reasons.join('; '));
      assert.deepEqual(verify(archived), []);
    },
  );
  await check('it tells for every trigger of the plan whether it has fired', () => {
    const table = archived[0]?.detection?.map((row) => [row.name, row.expected, row.fired, row.source]);
    assert.deepEqual(table, [
      ['smoke-red', true, true, 'probe'],
      ['deployment-failed', false, null, null],
      ['orders-failing', true, true, 'api'],
    ]);
  });
  await check('the archived receipt is the one that was sealed', async () => {
    assert.deepEqual(JSON.parse((await sealedReceipt(dynamo, outputs, name)) ?? '{}'), archived[0]);
  });
  await check('the watchdog is disarmed', async () => {
    const { Schedules } = await scheduler.send(new ListSchedulesCommand({ NamePrefix: 'rollback-drill-' }));
    assert.deepEqual(Schedules, []);
  });
  await check('the service runs its last healthy release again', () =>
    isRestored(sandbox.environment, archived[0]),
  );
}

/** When somebody got the first answer of the known-bad release, epoch milliseconds. */
async function knownBadMetAt(truthFile: string): Promise<number | undefined> {
  const lines = (await readFile(truthFile, 'utf8')).split('\n');
  const met = lines.find((line) => /"event":"response".*"release":"checkout-5xx"/.test(line));
  return met === undefined ? undefined : (JSON.parse(met) as { readonly at: number }).at;
}

async function isRestored(
  sandbox: Variables,
  receipt: Awaited<ReturnType<typeof archivedReceipts>>[number] | undefined,
): Promise<void> {
  const { services } = await clientsOf(sandbox).ecs.send(
    new DescribeServicesCommand({ cluster: 'demo', services: ['shop'] }),
  );
  assert.equal(services?.[0]?.taskDefinition, receipt?.releases.lastHealthy?.taskDefinition);
  assert.equal(services?.[0]?.deployments?.length, 1);
}

async function check(title: string, holds: () => void | Promise<void>): Promise<void> {
  try {
    await holds();
    tally.passed++;
    console.log(`ok    ${title}`);
  } catch (error) {
    tally.failed++;
    console.log(`FAIL  ${title}\n      ${(error as Error).message.replaceAll('\n', '\n      ')}`);
  }
}

function say(text: string): void {
  console.log(`      ${text}`);
}

/** Ends everything that was started, whatever happened, and says the last word. */
async function end(reason?: string): Promise<void> {
  clearTimeout(giveUp);
  if (reason) {
    tally.failed++;
    console.log(`FAIL  stopped: ${reason}`);
  }
  if (tally.failed > 0 && existsSync(LOG)) console.log(`      what MiniStack and the functions said: ${LOG}`);
  const tooLong = new Promise<void>((resolve) => setTimeout(resolve, CLEAN_UP_LIMIT_MS).unref());
  const cleaned = cleanUp.disposeAsync().catch((error: Error) => console.log(`clean-up: ${error.message}`));
  await Promise.race([cleaned, tooLong]);
  console.log(`${tally.passed} passed, ${tally.failed} failed`);
  process.exit(tally.failed > 0 ? 1 : 0);
}
