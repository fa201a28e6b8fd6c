import { expect, test } from 'vitest';
import { iso } from '../../../lib/drill/clock.ts';
import { observeEvent } from '../../../lib/steps/observe-event.ts';
import { drillAt, type Rig, startRig } from '../../fixtures/rig.ts';
import { RESOURCE } from '../../fixtures/scripted-service.ts';

type Name = 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';

function tell(rig: Rig, name: Name, deploymentId: string, reason = '', at = iso(rig.clock.now())) {
  return observeEvent(rig.ports, {
    'detail-type': 'ECS Deployment State Change',
    resources: ['arn:aws:ecs:us-east-1:000000000000:service/demo/shop'],
    detail: { eventName: `SERVICE_DEPLOYMENT_${name}`, deploymentId, updatedAt: at, reason },
  });
}

async function counted(rig: Rig) {
  const { deployments, realRollbacks } = (await rig.stores.statistics.read(RESOURCE)).production;
  return { deployments, realRollbacks };
}

test("counts no deployment and no rollback of a drill among production's", async () => {
  const rig = await drillAt('deployed');
  await tell(rig, 'FAILED', 'ecs-svc/7');
  await tell(
    rig,
    'IN_PROGRESS',
    'ecs-svc/8',
    'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/8.',
  );
  expect(await counted(rig)).toEqual({ deployments: 0, realRollbacks: 0 });
});

test('counts nothing of a drill either when its event comes after the drill is over', async () => {
  const rig = await drillAt('validated');
  const during = iso(rig.clock.now());
  await rig.steps.stabilise();
  await rig.clock.advance(2_000);
  await rig.steps.sealReceipt({ kind: 'all-clear', reason: 'quiet' });
  await rig.clock.advance(60_000);
  await tell(rig, 'COMPLETED', 'ecs-svc/8', '', during);
  expect(await counted(rig)).toEqual({ deployments: 0, realRollbacks: 0 });
  await tell(rig, 'COMPLETED', 'ecs-svc/9');
  expect(await counted(rig)).toEqual({ deployments: 1, realRollbacks: 0 });
});

test('counts a deployment once, however often it is told, and not when it begins', async () => {
  const rig = startRig();
  await tell(rig, 'IN_PROGRESS', 'ecs-svc/1');
  expect(await counted(rig)).toEqual({ deployments: 0, realRollbacks: 0 });
  for (const _ of [1, 2, 3]) await tell(rig, 'COMPLETED', 'ecs-svc/1');
  expect(await counted(rig)).toEqual({ deployments: 1, realRollbacks: 0 });
});

test('counts a deployment that failed and its rollback, and the end of the rollback as nothing more', async () => {
  const rig = startRig();
  const reason = 'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/2.';
  await tell(rig, 'FAILED', 'ecs-svc/1', 'ECS deployment circuit breaker: tasks failed to start.');
  for (const _ of [1, 2]) await tell(rig, 'IN_PROGRESS', 'ecs-svc/2', reason);
  await tell(rig, 'COMPLETED', 'ecs-svc/2', 'ECS deployment ecs-svc/2 completed.');
  expect(await counted(rig)).toEqual({ deployments: 1, realRollbacks: 1 });
});

test('counts what others deploy while a drill only looks, before it has touched anything', async () => {
  const rig = await drillAt('steady');
  await tell(rig, 'COMPLETED', 'ecs-svc/1');
  expect(await counted(rig)).toEqual({ deployments: 1, realRollbacks: 0 });
});
