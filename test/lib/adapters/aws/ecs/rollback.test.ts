import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { ECSClient } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { rollBack, rollbackCommand } from '../../../../../lib/adapters/aws/ecs/rollback.ts';
import type { TargetContext } from '../../../../../lib/ports/target.ts';
import { planWith } from '../../../../fixtures/plan.ts';

/** What the path to the previous task definition asks of ECS. */
async function asked(isAgain: boolean): Promise<{ request: unknown; command: string }> {
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    requests.push(await text(request));
    response.setHeader('content-type', 'application/x-amz-json-1.1').end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'x', secretAccessKey: 'y' };
  const ecs = new ECSClient({ endpoint, region: 'us-east-1', credentials });
  const service = { ecs, clock: { now: Date.now }, cluster: 'demo', service: 'shop' };
  const lastHealthy = { taskDefinition: 'shop:4', imageDigest: null };
  const knownBad = planWith().knownBad.releases['v5-bad'];
  if (!knownBad) throw new Error('the plan has a known-bad release');
  const captured = { lastHealthy, revision: 'rev-4', tasks: 3, wayBack: [] };
  const context: TargetContext = { captured, knownBad, deployed: null, isAgain };
  try {
    await rollBack(service, 'ecs-previous-task-definition', context);
  } finally {
    ecs.destroy();
    server.close().closeAllConnections();
  }
  return {
    request: JSON.parse(requests[0] ?? ''),
    command: rollbackCommand(service, 'ecs-previous-task-definition', context),
  };
}

test('the first rollback replaces no task that runs the last healthy release', async () => {
  expect(await asked(false)).toEqual({
    request: { cluster: 'demo', service: 'shop', taskDefinition: 'shop:4' },
    command: 'aws ecs update-service --cluster demo --service shop --task-definition shop:4',
  });
});

test('after another rollback every task is replaced: ECS believes already that all is well', async () => {
  expect(await asked(true)).toEqual({
    request: { cluster: 'demo', service: 'shop', taskDefinition: 'shop:4', forceNewDeployment: true },
    command:
      'aws ecs update-service --cluster demo --service shop --task-definition shop:4 --force-new-deployment',
  });
});
