import { type DeploymentLifecycleHook, ECSClient, type Service } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { facts } from '../../../../../lib/adapters/aws/ecs/facts.ts';
import { secondLine } from '../../../../../lib/drill/guardrails/second-line.ts';
import type { KnownBad } from '../../../../../lib/drill/plan/plan.ts';

const clock = { now: () => 0 };
const target = { ecs: new ECSClient({ region: 'us-east-1' }), clock, cluster: 'demo', service: "o'shop" };
const OVERRIDE: KnownBad = { kind: 'override', release: 'bad', image: 'shop:v5' };
const healthy = { containerDefinitions: [{ image: 'shop:v4' }, { image: 'proxy:1' }] };

function told(service: Service, knownBad: KnownBad = OVERRIDE) {
  const bad =
    knownBad.kind === 'task-definition' ? { containerDefinitions: [{ image: 'shop:v5' }] } : undefined;
  return facts(target, { service, healthy, knownBad, bad });
}

function hooks(...lifecycleHooks: DeploymentLifecycleHook[]): Service {
  return { deploymentConfiguration: { maximumPercent: 200, lifecycleHooks } };
}

test('a service that does not tell its revision has the images of its task definition, without digests', async () => {
  expect(await told({})).toEqual({
    lastDeployedAt: null,
    lastHealthyImages: [
      { image: 'shop:v4', digest: null },
      { image: 'proxy:1', digest: null },
    ],
    knownBadImages: [{ image: 'shop:v5', digest: null }],
    hooks: null,
    selfRollback: null,
  });
});

test('an override without an image runs those of the healthy release, a task definition its own', async () => {
  const environment: KnownBad = { kind: 'override', release: 'bad', environment: { FAIL: '1' } };
  expect((await told({}, environment)).knownBadImages).toHaveLength(2);
  const named: KnownBad = { kind: 'task-definition', release: 'bad', taskDefinition: 'shop:3' };
  expect((await told({}, named)).knownBadImages).toEqual([{ image: 'shop:v5', digest: null }]);
});

test('a deployment counts from when it was last updated', async () => {
  const [createdAt, updatedAt] = [new Date('2026-11-03T09:00:00Z'), new Date('2026-11-03T09:30:00Z')];
  expect((await told({ deployments: [{ createdAt, updatedAt }] })).lastDeployedAt).toBe(
    '2026-11-03T09:30:00.000Z',
  );
});

test('a service with hooks and no pause is offered one, by a command that keeps its other settings', async () => {
  const hook = { hookTargetArn: 'arn:aws:lambda:…', lifecycleStages: ['POST_SCALE_UP' as const] };
  const { gap } = secondLine((await told(hooks(hook))).hooks);
  const offered = {
    maximumPercent: 200,
    lifecycleHooks: [
      hook,
      {
        targetType: 'PAUSE',
        lifecycleStages: ['POST_PRODUCTION_TRAFFIC_SHIFT'],
        timeoutConfiguration: { timeoutInMinutes: 30, action: 'ROLLBACK' },
      },
    ],
  };
  expect(gap?.evidence).toContain(
    `aws ecs update-service --cluster demo --service o'shop --deployment-configuration '${JSON.stringify(offered)}'`,
  );
});

test('a pause rolls back after a day when it says nothing else, and a text of the plan cannot end the command', async () => {
  const pause = { targetType: 'PAUSE' as const, lifecycleStages: ['POST_SCALE_UP' as const] };
  expect(secondLine((await told(hooks(pause))).hooks).check?.reason).toBe(
    'a PAUSE hook at POST_SCALE_UP rolls back by itself after 1440 minutes',
  );
  const quoted = (await told(hooks({ hookDetails: "it's" }))).hooks?.offer;
  expect(quoted).toContain(`it'\\''s`);
});
