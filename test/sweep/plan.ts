import { type Plan, parsePlan } from '../../lib/drill/plan/plan.ts';
import { PIPELINE, SMOKE_STAGE_RED } from '../fixtures/plan.ts';

export const CALENDAR = 'open-hours';
/** The one of the guardrails. */
export const ALARM = 'shop-errors';
/** The one of a trigger. */
export const TRIGGER_ALARM = 'shop-orders-failing';

/** Plans as teams write them, with short times: what the sweep drills. The second one asks a person who does not answer, the third releases through a pipeline. */
export function sweptPlans(): readonly Plan[] {
  return [
    TEXT,
    TEXT.replace('name: swept', 'name: asking').replace('rollback:', 'rollback:\n  confirm: { within: 10s }'),
    throughPipeline(),
  ].map((text) => {
    const parsed = parsePlan(text);
    if (parsed.kind === 'plan') return parsed.plan;
    throw new Error(parsed.errors.map(({ place, message }) => `${place}: ${message}`).join('; '));
  });
}

function throughPipeline(): string {
  return TEXT.replace('name: swept', 'name: piped')
    .replace('  ecs: { cluster: demo, service: shop }', PIPELINE)
    .replace(/\{ image: '[^']*shop:(\w+)',/g, '{ variables: { image_tag: $1 },')
    .replace('smoke failed 2 times running', 'smoke failed 20 times running')
    .replace('caughtBy: [smoke-red]', 'caughtBy: [smoke-stage-red]')
    .replace('triggers:\n', `triggers:\n${SMOKE_STAGE_RED}`)
    .replace(/paths: \[.*\]/, `paths: [automatic, ${WAYS_BACK.join(', ')}]`);
}

const WAYS_BACK = ['codepipeline-rollback-stage', 'codepipeline-redeploy', 'ecs-previous-task-definition'];

const TEXT = `apiVersion: rollback-drill/v1
name: swept
owner: platform
tier: standard
environment: sandbox
target:
  ecs: { cluster: demo, service: shop }
knownBad:
  default: bad
  releases:
    bad: { image: '000000000000.dkr.ecr.us-east-1.amazonaws.com/shop:bad', caughtBy: [smoke-red] }
    crashes: { image: '000000000000.dkr.ecr.us-east-1.amazonaws.com/shop:crashes', caughtBy: [deployment-failed] }
    unsold: { image: '000000000000.dkr.ecr.us-east-1.amazonaws.com/shop:unsold', caughtBy: [orders-failing] }
smoke:
  url: http://shop.example/check
  release: { header: x-release }
  interval: 1s
  timeout: 500ms
steadyState:
  for: 2s
  minimumSamples: 2
triggers:
  - name: smoke-red
    observedBy: probe
    condition: smoke failed 2 times running
    action: roll-back
    budget: 5m
  - name: deployment-failed
    observedBy: deployment-event
    condition: deployment failed
    action: roll-back
    budget: 5m
  - name: orders-failing
    observedBy: alarm
    condition: ${TRIGGER_ALARM}
    action: roll-back
    budget: 5m
  - name: many-errors
    observedBy: probe
    condition: errorRate > 20% for 10s
    action: page-only
    budget: 5m
detectWithin: 60s
rollback:
  paths: [automatic, ecs-stop-deployment, ecs-previous-task-definition]
restored:
  within: 60s
validations:
  - name: look
    kind: synthetic-transaction
    steps: [{ name: look, url: 'http://shop.example/items' }]
  - name: search
    kind: synthetic-transaction
    steps: [{ name: search, url: 'http://shop.example/search' }]
stabilise: 2s
guardrails:
  alarms: [${ALARM}]
  changeCalendars: [${CALENDAR}]
  dependencies:
    - { name: catalogue, url: 'http://shop.example/catalogue', expect: { status: 200 }, timeout: 1s }
stopConditions:
  maximumBadFor: 50s
`;
