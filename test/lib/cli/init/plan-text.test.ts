import { describe, expect, test } from 'vitest';
import type { FoundPipeline, FoundService } from '../../../../lib/cli/init/found.ts';
import { type PlanFor, planText } from '../../../../lib/cli/init/plan-text.ts';
import { type Plan, parsePlan } from '../../../../lib/drill/plan/plan.ts';

const SERVICE: FoundService = {
  cluster: 'demo',
  service: 'shop',
  tasks: 3,
  containers: [{ name: 'shop', image: 'registry/shop:v4' }],
  targetGroup: 'targetgroup/shop/0123456789abcdef',
  targetGroupArn: 'arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/shop/0123456789abcdef',
  loadBalancer: null,
  rollsBackItself: true,
  alarms: [],
};
const PIPELINE: FoundPipeline = {
  pipeline: 'shop',
  stage: 'Deploy',
  nextStage: 'Smoke',
  laterStages: ['Promote'],
  variables: ['image_tag', 'region'],
  sources: [{ action: 'Release', type: 'S3_OBJECT_VERSION_ID' }],
  obstacles: [],
};
const FILLED = {
  OWNER: 'the-team',
  SMOKE_URL: 'https://shop.example/health',
  KNOWN_BAD_IMAGE: 'registry/shop:bad',
  KNOWN_BAD_VALUE: 'bad',
  KNOWN_BAD_REVISION: 'v1',
};

describe('a plan that was begun from what is there', () => {
  test.each([
    ['a service', {}],
    [
      'a service with several containers',
      { service: { ...SERVICE, containers: [...SERVICE.containers, { name: 'proxy', image: 'envoy:1' }] } },
    ],
    [
      'a service behind nothing',
      { service: { ...SERVICE, tasks: 1, targetGroup: null, targetGroupArn: null, rollsBackItself: false } },
    ],
    ['a pipeline', { pipeline: PIPELINE }],
    [
      'a pipeline without variables',
      { pipeline: { ...PIPELINE, variables: [], nextStage: null, laterStages: [] } },
    ],
    ['a pipeline with nothing to choose', { pipeline: { ...PIPELINE, variables: [], sources: [] } }],
  ])('is right once it is filled in, and not before: %s', (_, found) => {
    const missing = parsed(found, {});
    expect(missing.kind).toBe('invalid');
    const errors = missing.kind === 'invalid' ? missing.errors : [];
    expect(errors.length).toBeGreaterThanOrEqual(3);
    for (const { message } of errors) expect(message).toMatch(/OWNER|SMOKE_URL|KNOWN_BAD_\w+/);
    expect(planOf(found)).toMatchObject({ name: 'shop-drill', owner: 'the-team', stabiliseMs: 15 * 60_000 });
  });

  test('names the ways back that the target has, and never what it has not', () => {
    expect(planOf({}).rollback.paths).toEqual([
      'automatic',
      'ecs-stop-deployment',
      'ecs-previous-task-definition',
    ]);
    const { target, rollback } = planOf({ pipeline: PIPELINE });
    expect(target).toMatchObject({
      stage: 'Deploy',
      ecs: { cluster: 'demo' },
      disableTransitions: ['Promote'],
    });
    expect(rollback.paths.slice(1, 3)).toEqual(['codepipeline-rollback-stage', 'codepipeline-redeploy']);
  });

  test('watches the alarms that are there, whatever they are called', () => {
    const names = ['5xx: "too many"', '5xx: too many', 'ALB/p99 > 1s #1', '# no comment', 'ünïcode'];
    const alarms = names.map((name) => ({ name, state: 'OK' }));
    const { triggers } = planOf({ service: { ...SERVICE, alarms } });
    const watched = triggers.flatMap(({ condition }) =>
      condition.kind === 'alarm' ? [condition.alarm] : [],
    );
    expect(watched).toEqual(names);
    expect(new Set(triggers.map(({ name }) => name)).size).toBe(triggers.length);
  });

  test('says what a drill would refuse', () => {
    const text = planText({
      name: 'shop-drill',
      service: { ...SERVICE, alarms: [{ name: 'p99', state: 'ALARM' }] },
      pipeline: { ...PIPELINE, obstacles: ['its type is V1'] },
    });
    expect(text).toContain('# A drill would be refused: its type is V1.');
    expect(text).toContain('# was ALARM: it must be OK');
  });
});

function parsed(found: Partial<PlanFor>, environment: Readonly<Record<string, string>>) {
  return parsePlan(planText({ name: 'shop-drill', service: SERVICE, pipeline: null, ...found }), {
    environment,
  });
}

function planOf(found: Partial<PlanFor>): Plan {
  const read = parsed(found, FILLED);
  if (read.kind === 'plan') return read.plan;
  throw new Error(read.errors.map(({ place, message }) => `${place}: ${message}`).join('\n'));
}
