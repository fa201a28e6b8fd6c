import { stringify } from 'yaml';
import { parsePlan } from '../../lib/drill/plan/plan.ts';
import type { DeployablePlan } from '../../lib/infra/plans.ts';

/** A plan as a team would write it; `changes` replace its top-level keys. */
export function planText(changes: Readonly<Record<string, unknown>> = {}): string {
  return stringify({
    apiVersion: 'rollback-drill/v1',
    name: 'shop',
    owner: 'release-engineering',
    tier: 'standard',
    environment: 'test',
    target: { ecs: { cluster: 'demo', service: 'shop' } },
    knownBad: { default: 'broken', releases: { broken: { image: 'registry.example/shop:broken' } } },
    smoke: { url: 'https://shop.example/checkout/check', release: { header: 'x-release' } },
    steadyState: { for: '10s' },
    triggers: [
      {
        name: 'smoke-red',
        observedBy: 'probe',
        condition: 'smoke failed 3 times running',
        action: 'roll-back',
        budget: '5m',
      },
    ],
    detectWithin: '5m',
    rollback: { paths: ['ecs-stop-deployment', 'ecs-previous-task-definition'] },
    restored: { within: '5m' },
    ...changes,
  });
}

export function plan(changes: Readonly<Record<string, unknown>> = {}): DeployablePlan {
  const parsed = parsePlan(planText(changes));
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.errors));
  return parsed.plan as DeployablePlan;
}

/** What a plan says that releases the same service through a pipeline. */
export const THROUGH_PIPELINE = {
  name: 'pipe',
  target: {
    codepipeline: {
      pipeline: 'shop-pipe',
      stage: 'Deploy',
      smokeStage: 'Smoke',
      ecs: { cluster: 'demo', service: 'shop' },
      disableTransitions: ['Promote'],
    },
  },
  knownBad: { default: 'broken', releases: { broken: { variables: { image_tag: 'broken' } } } },
  rollback: {
    paths: ['codepipeline-rollback-stage', 'codepipeline-redeploy', 'ecs-previous-task-definition'],
  },
};

/** What a plan says whose service is behind an Application Load Balancer. */
export const RECOMMENDED = {
  loadBalancer: 'app/shop/50dc6c495c0c9188',
  targetGroup: 'targetgroup/shop/6d0ecf831eec9f09',
  baseline: { p99: '250ms', errorRate: '0.1%' },
};

/** `${NAME}`, as plans and templates refer to something. */
export function reference(name: string): string {
  return `\${${name}}`;
}
