import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { SubscribeCommand } from '@aws-sdk/client-sns';
import { type TimeLimits, timeLimits } from '../../lib/drill/limits.ts';
import type { Plan } from '../../lib/drill/plan/plan.ts';
import { deployablePlans } from '../../lib/infra/plans.ts';
import { deployShop } from '../../sandbox/shop/infrastructure.ts';
import { releaseThroughPipeline } from '../../sandbox/shop/pipeline.ts';
import { startSandbox } from '../../sandbox/start.ts';
import { ADAPTATIONS } from './adaptation.ts';
import { proveApi } from './api.ts';
import type { Variables } from './command.ts';
import type { Deployed } from './deployed.ts';
import { installMiniStack, startMiniStack } from './ministack.ts';
import { provePassedDrill, provePipelineDrill } from './passed-drill.ts';
import { check, counted, failed, say } from './proof.ts';
import { proveRemovedStack } from './removed-stack.ts';
import { adaptMachine, deployStack, useSandboxTargets } from './stack.ts';
import { proveScheduledAndStoppedDrill } from './stopped-drill.ts';
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

const cleanUp = new AsyncDisposableStack();
const giveUp = setTimeout(() => void end(`it took more than ${WHOLE_LIMIT_MS / 1000} s`), WHOLE_LIMIT_MS);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end(signal));

try {
  await prove();
} catch (error) {
  failed((error as Error).message);
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
  const url = miniStack.environment.AWS_ENDPOINT_URL ?? '';
  const deployed = { url, aws: clientsOf(miniStack.environment), outputs, sandbox };
  await proveDeployed(deployed);
  await adapt(deployed, variables);
  say('drilling');
  const receipt = await provePassedDrill(deployed);
  say('drilling by schedule, and stopping it');
  await proveScheduledAndStoppedDrill(deployed);
  say('asking the API');
  await proveApi(deployed, receipt);
  say('drilling through a pipeline');
  await releaseThroughPipeline(sandbox.environment);
  await provePipelineDrill(deployed);
  say('drilling, and removing the stack');
  await proveRemovedStack(deployed);
}

async function proveDeployed({ aws: { sfn }, outputs: { StateMachineArn } }: Deployed): Promise<void> {
  await check('the stack is deployed by the real CDK, and that starts no drill', async () => {
    const { executions } = await sfn.send(new ListExecutionsCommand({ stateMachineArn: StateMachineArn }));
    assert.deepEqual(executions, []);
  });
}

async function adapt({ aws, outputs, sandbox }: Deployed, variables: Variables): Promise<void> {
  const { lambda, sfn, sns } = aws;
  const plans = await deployablePlans(PLANS, variables);
  for (const adaptation of ADAPTATIONS) say(`adapted: ${adaptation}`);
  await adaptMachine(sfn, outputs.StateMachineArn, commonLimits(plans));
  await useSandboxTargets(lambda, sandbox.environment.AWS_ENDPOINT_URL ?? '');
  // Without a person who is subscribed, a page would reach nobody, and no drill starts.
  await sns.send(
    new SubscribeCommand({ TopicArn: outputs.TopicArn, Protocol: 'email', Endpoint: 'on-call@example.com' }),
  );
}

/** One adapted machine drills all plans. */
function commonLimits(plans: readonly Plan[]): TimeLimits {
  const [first, ...others] = plans.map(timeLimits);
  assert(first, 'there is no plan to drill');
  for (const other of others) assert.deepEqual(other, first, 'the plans have different time limits');
  return first;
}

/** Ends everything that was started, whatever happened, and says the last word. */
async function end(reason?: string): Promise<void> {
  clearTimeout(giveUp);
  if (reason) failed(`stopped: ${reason}`);
  const tally = counted();
  if (tally.failed > 0 && existsSync(LOG)) console.log(`      what MiniStack and the functions said: ${LOG}`);
  const tooLong = new Promise<void>((resolve) => setTimeout(resolve, CLEAN_UP_LIMIT_MS).unref());
  const cleaned = cleanUp.disposeAsync().catch((error: Error) => console.log(`clean-up: ${error.message}`));
  await Promise.race([cleaned, tooLong]);
  console.log(`${tally.passed} passed, ${tally.failed} failed`);
  process.exit(tally.failed > 0 ? 1 : 0);
}
