import {
  DescribeServicesCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  RegisterTaskDefinitionCommand,
  StopServiceDeploymentCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Receipt } from '../../lib/drill/seal.ts';
import { ALL_DRILLS } from './fixtures/all-drills.ts';
import { drill, noTriggers, planFile } from './fixtures/drill.ts';
import { type SharedSandbox, sharedSandbox } from './fixtures/shared-sandbox.ts';

const SERVICE = { cluster: 'demo', service: 'shop' };
const REGISTRY = '000000000000.dkr.ecr.us-east-1.amazonaws.com';

describe('a drill does not fight a person who', () => {
  let sandbox: SharedSandbox;
  let ecs: ECSClient;
  let before: string;

  beforeAll(async () => {
    sandbox = await sharedSandbox();
    ecs = new ECSClient(sandbox.client);
  }, 60_000);
  beforeEach(async () => {
    await expect.poll(isSettled, { timeout: 20_000 }).toBe(true);
    before = (await service()).taskDefinition ?? '';
  });
  afterAll(async () => {
    ecs.destroy();
    await sandbox.close();
  });

  it('deploys while the trigger is awaited', async () => {
    const { receipt, intent } = await interferedAt(/badServing/, () => deploy('healthy-next'), noTriggers);
    expect(receipt.path.used).toBeNull();
    await expectStands(intent, 'healthy-next');
  });

  it.runIf(ALL_DRILLS)('stops the bad deployment while the trigger is awaited', async () => {
    const { receipt } = await interferedAt(/AwaitTrigger/, stopDeployment, noTriggers);
    expect(receipt.path.used).toBeNull();
    await expectStands(before, 'healthy-next');
  });

  it.runIf(ALL_DRILLS)('goes back by hand while the trigger is awaited', async () => {
    await interferedAt(/badServing/, () => steerTo(before), noTriggers);
    await expectStands(before, 'healthy-next');
  });

  it.runIf(ALL_DRILLS)('deploys while the target is being restored', async () => {
    const { intent } = await interferedAt(/AwaitRestored/, () => deploy('healthy'));
    await expectStands(intent, 'healthy');
  });

  it.runIf(ALL_DRILLS)('deploys in the quiet period', async () => {
    const quiet = () => ({ stabilise: '30s' });
    const { receipt, intent } = await interferedAt(/Stabilise/, () => deploy('healthy-next'), quiet);
    expect(receipt.marks.allClear.at).toBeNull();
    await expectStands(intent, 'healthy-next');
  });

  /** Answers what the drill made of it, and the task definition that the person wants. */
  async function interferedAt(
    line: RegExp,
    interfere: () => Promise<string>,
    change?: Parameters<typeof planFile>[1],
  ): Promise<{ receipt: Receipt; intent: string }> {
    const running = drill(sandbox.directory, 'run', planFile(sandbox.directory, change), '--json');
    await running.until(line);
    const intent = await interfere();
    const { exitCode, stdout } = await running.ended;
    const receipt = JSON.parse(stdout) as Receipt;
    expect({ exitCode, outcome: receipt.outcome }).toEqual({ exitCode: 25, outcome: 'compromised' });
    return { receipt, intent };
  }

  async function expectStands(taskDefinition: string, release: string): Promise<void> {
    await expect.poll(isSettled, { timeout: 20_000 }).toBe(true);
    expect((await service()).taskDefinition).toBe(taskDefinition);
    const answer = await fetch(`${sandbox.shopUrl}/checkout/check`);
    expect(answer.headers.get('x-release')).toBe(release);
  }

  async function deploy(release: string): Promise<string> {
    const image = `${REGISTRY}/shop:${release}`;
    const container = { name: 'shop', image, portMappings: [{ containerPort: 8080 }] };
    const { taskDefinition } = await ecs.send(
      new RegisterTaskDefinitionCommand({ family: 'shop', containerDefinitions: [container] }),
    );
    return steerTo(taskDefinition?.taskDefinitionArn ?? '');
  }

  async function steerTo(taskDefinition: string): Promise<string> {
    await ecs.send(new UpdateServiceCommand({ ...SERVICE, taskDefinition }));
    return taskDefinition;
  }

  async function stopDeployment(): Promise<string> {
    const { serviceDeployments } = await ecs.send(
      new ListServiceDeploymentsCommand({ ...SERVICE, status: ['PENDING', 'IN_PROGRESS'] }),
    );
    const serviceDeploymentArn = serviceDeployments?.[0]?.serviceDeploymentArn;
    await ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: 'ROLLBACK' }));
    return before;
  }

  async function isSettled(): Promise<boolean> {
    const { deployments = [] } = await service();
    return deployments.length === 1 && deployments[0]?.rolloutState === 'COMPLETED';
  }

  async function service() {
    const { services } = await ecs.send(
      new DescribeServicesCommand({ cluster: SERVICE.cluster, services: [SERVICE.service] }),
    );
    return services?.[0] ?? {};
  }
});
