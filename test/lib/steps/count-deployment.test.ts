import { expect, test } from 'vitest';
import { iso } from '../../../lib/drill/clock.ts';
import { noStatistics } from '../../../lib/drill/statistics/statistics.ts';
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

test('counts the end of a rollback as nothing more when it is told before its beginning, which names what it goes back to', async () => {
  const rig = startRig();
  await tell(rig, 'COMPLETED', 'ecs-svc/1');
  await rig.clock.advance(60_000);
  const began = iso(rig.clock.now());
  await tell(rig, 'FAILED', 'ecs-svc/2', 'ECS deployment circuit breaker: tasks failed to start.');
  await rig.clock.advance(5_000);
  await tell(rig, 'COMPLETED', 'ecs-svc/3');
  const reason = 'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.';
  for (const _ of [1, 2]) await tell(rig, 'IN_PROGRESS', 'ecs-svc/3', reason, began);
  expect(await counted(rig)).toEqual({ deployments: 2, realRollbacks: 1 });
});

test('counts what others deploy while a drill only looks, before it has touched anything', async () => {
  const rig = await drillAt('steady');
  await tell(rig, 'COMPLETED', 'ecs-svc/1');
  expect(await counted(rig)).toEqual({ deployments: 1, realRollbacks: 0 });
});

test('counts the drilled stage of a pipeline, and its rollbacks by what started them', async () => {
  const rig = startRig();
  const target = 'codepipeline:shop/Deploy';
  const seen = await rig.stores.statistics.read(target);
  await rig.stores.statistics.replace(seen, noStatistics(target));
  const tellStage = (id: string, stage: string, state: string, trigger = 'StartPipelineExecution') =>
    observeEvent(rig.ports, {
      'detail-type': 'CodePipeline Stage Execution State Change',
      resources: [],
      detail: {
        pipeline: 'shop',
        stage,
        state,
        'execution-id': id,
        'start-time': iso(rig.clock.now()),
        'execution-trigger': { 'trigger-type': trigger },
      },
    });
  for (const state of ['STARTED', 'SUCCEEDED', 'SUCCEEDED']) await tellStage('1', 'Deploy', state);
  await tellStage('2', 'Deploy', 'FAILED');
  await tellStage('3', 'Deploy', 'SUCCEEDED', 'AutomatedRollback');
  await tellStage('4', 'Deploy', 'SUCCEEDED', 'ManualRollback');
  await tellStage('1', 'Smoke', 'SUCCEEDED');
  const { production } = await rig.stores.statistics.read(target);
  expect(production).toMatchObject({ deployments: 2, realRollbacks: 2 });
  expect(await rig.stores.statistics.targets()).toEqual([target]);
});
