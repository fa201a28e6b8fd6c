import {
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  ListTagsForResourceCommand,
  PutAccountSettingCommand,
  RegisterTaskDefinitionCommand,
  StopServiceDeploymentCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Receipt } from '../../lib/drill/seal.ts';
import { drill, planFile } from './fixtures/drill.ts';
import { type SharedSandbox, sharedSandbox } from './fixtures/shared-sandbox.ts';

const SERVICE = { cluster: 'demo', service: 'shop' };

describe('a sandbox that stays up', () => {
  let sandbox: SharedSandbox;
  let ecs: ECSClient;

  beforeAll(async () => {
    sandbox = await sharedSandbox();
    ecs = new ECSClient(sandbox.client);
  }, 60_000);
  afterAll(async () => {
    ecs.destroy();
    expect(await sandbox.close()).toBe(0);
  });

  it('refuses what it does not do in the words of AWS', async () => {
    const unknown = new PutAccountSettingCommand({ name: 'taskLongArnFormat', value: 'enabled' });
    await expect(ecs.send(unknown)).rejects.toMatchObject({
      name: 'UnknownOperationException',
      $metadata: { httpStatusCode: 400 },
    });
    const missing = new ListTagsForResourceCommand({
      resourceArn: 'arn:aws:ecs:us-east-1:000000000000:service/demo/nothing',
    });
    await expect(ecs.send(missing)).rejects.toThrow(/not.*found/i);
  });

  it('refuses a second sandbox, and faults in a drill that attaches', async () => {
    expect(await drill(sandbox.directory, 'sandbox').ended).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('already up'),
    });
    const faulty = drill(sandbox.directory, 'run', planFile(sandbox.directory), '--fault', 'events-lost');
    expect(await faulty.ended).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('a sandbox of its own'),
    });
  });

  it('lets any AWS client deploy a release and stop the deployment, and tells what ECS would', async () => {
    const before = (await ecs.send(new DescribeServicesCommand({ cluster: 'demo', services: ['shop'] })))
      .services?.[0];
    expect(before).toMatchObject({
      status: 'ACTIVE',
      runningCount: 3,
      deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED' }],
    });
    const image = '000000000000.dkr.ecr.us-east-1.amazonaws.com/shop:healthy-next';
    const container = { name: 'shop', image, portMappings: [{ containerPort: 8080 }] };
    const { taskDefinition } = await ecs.send(
      new RegisterTaskDefinitionCommand({ family: 'shop', containerDefinitions: [container] }),
    );
    await ecs.send(
      new UpdateServiceCommand({ ...SERVICE, taskDefinition: taskDefinition?.taskDefinitionArn }),
    );
    const { serviceDeployments } = await ecs.send(
      new ListServiceDeploymentsCommand({ ...SERVICE, status: ['PENDING', 'IN_PROGRESS'] }),
    );
    const serviceDeploymentArn = serviceDeployments?.[0]?.serviceDeploymentArn ?? '';
    await ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: 'ROLLBACK' }));
    await expect
      .poll(() => statusOf(serviceDeploymentArn), { timeout: 20_000 })
      .toMatchObject({
        status: 'ROLLBACK_SUCCESSFUL',
        rollback: { serviceRevisionArn: before?.currentServiceRevisions?.[0]?.arn },
      });
    await expect(ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn }))).rejects.toMatchObject({
      name: 'ConflictException',
    });
  });

  it('is used by a drill of another process, which refuses a second drill and which a third process aborts', async () => {
    const running = drill(sandbox.directory, 'run', planFile(sandbox.directory), '--json');
    await running.until(/AwaitTrigger/);
    const listed = JSON.parse((await drill(sandbox.directory, 'list', '--json').ended).stdout) as {
      id: string;
      outcome: string | null;
    }[];
    const id = listed.find(({ outcome }) => outcome === null)?.id ?? '';
    const second = drill(sandbox.directory, 'run', planFile(sandbox.directory), '--json');
    expect((await drill(sandbox.directory, 'abort', id).ended).exitCode).toBe(0);
    expect(JSON.parse((await second.ended).stdout)).toMatchObject({
      outcome: 'refused',
      reasons: [expect.stringMatching(new RegExp(`held by drill ${id} since 20`))],
    });
    const { exitCode, stdout } = await running.ended;
    expect({ exitCode, outcome: (JSON.parse(stdout) as Receipt).outcome }).toEqual({
      exitCode: 24,
      outcome: 'aborted',
    });
  });

  async function statusOf(serviceDeploymentArn: string) {
    const { serviceDeployments } = await ecs.send(
      new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [serviceDeploymentArn] }),
    );
    return serviceDeployments?.[0];
  }
});
