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
import { SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Receipt } from '../../lib/drill/seal.ts';
import { visitedStates } from '../deploy/drill.ts';
import { STATES_OF_A_PASSED_DRILL } from '../deploy/expected-states.ts';
import { drill, drillDirectory, drillJson, planFile, type RunningCommand } from './fixtures/drill.ts';

const SERVICE = { cluster: 'demo', service: 'shop' };

describe('a sandbox that stays up', () => {
  const directory = drillDirectory();
  let sandbox: RunningCommand;
  let ecs: ECSClient;
  let sfn: SFNClient;

  beforeAll(async () => {
    sandbox = drill(directory.path, 'sandbox');
    await sandbox.until(/Ctrl-C/);
    const endpoint = sandbox.written.stdout.match(/AWS_ENDPOINT_URL=(\S+)/)?.[1] ?? '';
    const client = {
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'x', secretAccessKey: 'y' },
    };
    ecs = new ECSClient(client);
    sfn = new SFNClient(client);
  }, 60_000);
  afterAll(async () => {
    ecs.destroy();
    sfn.destroy();
    sandbox.process.kill('SIGTERM');
    expect((await sandbox.ended).exitCode).toBe(0);
    directory.remove();
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
    expect(await drill(directory.path, 'sandbox').ended).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('already up'),
    });
    const faulty = drill(directory.path, 'run', planFile(directory.path), '--fault', 'events-lost');
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

  it('visits the states that the deployed machine visits on a foreign engine', async () => {
    const { receipt } = await drillJson(directory.path, 'run', planFile(directory.path));
    expect(receipt.outcome).toBe('passed');
    const executionArn = `arn:aws:states:us-east-1:000000000000:execution:rollback-drill:${receipt.id}`;
    const visited = await visitedStates(sfn, executionArn);
    // The foreign engine's history leaves out what is inside of a Map.
    expect(visited.filter((state) => state !== 'RunValidation')).toEqual([...STATES_OF_A_PASSED_DRILL]);
  });

  it('is used by a drill of another process, which a third one aborts', async () => {
    const running = drill(directory.path, 'run', planFile(directory.path), '--json');
    await running.until(/AwaitTrigger/);
    const listed = JSON.parse((await drill(directory.path, 'list', '--json').ended).stdout) as {
      id: string;
      outcome: string | null;
    }[];
    const id = listed.find(({ outcome }) => outcome === null)?.id ?? '';
    const second = drill(directory.path, 'run', planFile(directory.path), '--json');
    expect((await drill(directory.path, 'abort', id).ended).exitCode).toBe(0);
    expect(JSON.parse((await second.ended).stdout)).toMatchObject({
      outcome: 'refused',
      reasons: [expect.stringContaining(`held by drill ${id}`)],
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
