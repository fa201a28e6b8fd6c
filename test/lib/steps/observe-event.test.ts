import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import type { Ports } from '../../../lib/ports/ports.ts';
import { ObservedEvent, observeEvent } from '../../../lib/steps/observe-event.ts';
import { planThroughPipeline } from '../../fixtures/plan.ts';
import { drillAt, type Rig, startRig } from '../../fixtures/rig.ts';
import { RESOURCE } from '../../fixtures/scripted-service.ts';

const EVENT = {
  'detail-type': 'ECS Deployment State Change' as const,
  resources: ['arn:aws:ecs:us-east-1:000000000000:service/demo/shop'],
};

test.each([
  [
    'of a service that nobody drills',
    { ...EVENT, resources: ['arn:aws:ecs:us-east-1:0:service/demo/other'] },
  ],
  ['without a service', { ...EVENT, resources: [] }],
])('does nothing on an event %s', async (_, event) => {
  const rig = await drillAt('deployed');
  expect(await observeEvent(rig.ports, event)).toMatchObject({ observed: false });
});

test('does nothing on an event when no drill runs, nor before the known-bad release', async () => {
  expect(await observeEvent(startRig().ports, EVENT)).toMatchObject({ observed: false });
  expect(await observeEvent((await drillAt('armed')).ports, EVENT)).toMatchObject({ observed: false });
});

test('records nothing for a drill that the watchdog has taken over, and does not fail either', async () => {
  const rig = await drillAt('deployed');
  await rig.steps.awaitTrigger();
  rig.service.rollBackItself();
  await rig.stores.locks.raiseFence([RESOURCE], 'drill-1', 60_000);
  expect(await observeEvent(rig.ports, EVENT)).toMatchObject({ observed: false });
  expect(await rig.entries('trigger')).toEqual([]);
  expect(rig.told('AwaitTrigger')).toBeUndefined();
});

test('an event only wakes: what counts is what the target shows, and a doubled event changes nothing', async () => {
  const rig = await drillAt('deployed');
  await rig.steps.awaitTrigger();
  expect(await observeEvent(rig.ports, EVENT)).toMatchObject({ observed: true });
  expect(rig.told('AwaitTrigger')).toBeUndefined();
  rig.service.rollBackItself();
  await observeEvent(rig.ports, EVENT);
  await observeEvent(rig.ports, EVENT);
  expect(rig.told('AwaitTrigger')).toMatchObject({ kind: 'trigger' });
  expect(await rig.entries('trigger')).toHaveLength(1);
});

describe('an event of a pipeline', () => {
  test.each(['CodePipeline Rule Execution State Change', 'CodePipeline Pipeline'])(
    'of another kind is refused at the door: %s',
    (type) => expect(v.is(ObservedEvent, { ...pipelineEvent('Pipeline'), 'detail-type': type })).toBe(false),
  );

  test('does nothing when its pipeline is not drilled, nor before the known-bad release', async () => {
    const rig = await drillThroughPipeline('deployed');
    expect(await tell(rig, 'Stage', { pipeline: 'search' })).toMatchObject({ observed: false });
    expect(await tell(await drillThroughPipeline('armed'), 'Stage')).toMatchObject({ observed: false });
  });

  test('that says FAILED fires nothing: what counts is what the pipeline itself tells', async () => {
    const rig = await drillThroughPipeline('deployed');
    await rig.steps.awaitTrigger();
    for (const kind of ['Pipeline', 'Stage'] as const)
      expect(await tell(rig, kind)).toMatchObject({ observed: true });
    expect(await rig.entries('trigger')).toEqual([]);
    expect(rig.told('AwaitTrigger')).toBeUndefined();
  });

  test('tells a red stage at once, at the pipeline’s own time; doubled and out of order it is the same mark', async () => {
    const rig = await drillThroughPipeline('deployed');
    await rig.steps.awaitTrigger();
    const failedAt = new Date(rig.clock.now()).toISOString();
    rig.service.pipelineFailures.push(
      { stage: 'Smoke', action: 'test', at: failedAt, reason: 'action Smoke/test failed' },
      { stage: 'Smoke', action: null, at: failedAt, reason: 'stage Smoke failed: status 500' },
    );
    await rig.clock.advance(700);
    for (const kind of ['Action', 'Stage', 'Action', 'Stage', 'Pipeline'] as const) await tell(rig, kind);
    expect(rig.told('AwaitTrigger')).toEqual({
      kind: 'trigger',
      reason: 'smoke-stage-red: stage Smoke failed: status 500',
    });
    expect(await rig.entries('trigger')).toMatchObject([
      { won: true, trigger: { name: 'smoke-stage-red', at: failedAt, source: 'api' } },
    ]);
  });

  test('of an action is nothing to a plan whose triggers name none, and is to one that names it', async () => {
    const plan = planThroughPipeline();
    const condition = { kind: 'pipeline-failed', stage: 'Smoke', action: 'test' } as const;
    const triggers = plan.triggers.map((each) =>
      each.name === 'smoke-stage-red' ? { ...each, condition } : each,
    );
    const [deaf, awake] = await Promise.all(
      [plan, { ...plan, triggers }].map((one) => drillThroughPipeline('deployed', one)),
    );
    expect(deaf && (await tell(deaf, 'Action'))).toMatchObject({ observed: false });
    expect(awake && (await tell(awake, 'Action'))).toMatchObject({ observed: true });
  });

  test('of the service behind it wakes the same drill, which holds both', async () => {
    const rig = await drillThroughPipeline('deployed');
    await rig.steps.awaitTrigger();
    expect(await observeEvent(rig.ports, EVENT)).toMatchObject({ observed: true });
  });

  async function tell(rig: Rig, kind: 'Pipeline' | 'Stage' | 'Action', more: object = {}) {
    return observeEvent(rig.ports, v.parse(ObservedEvent, pipelineEvent(kind, more)));
  }
});

function drillThroughPipeline(stage: 'armed' | 'deployed', plan = planThroughPipeline()): Promise<Rig> {
  const through = (ports: Ports): Ports => ({
    ...ports,
    target: (plan) => ({ ...ports.target(plan), resources: async () => ['codepipeline:shop', RESOURCE] }),
  });
  return drillAt(stage, { plan, through });
}

/** As it comes from EventBridge. https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html */
function pipelineEvent(kind: 'Pipeline' | 'Stage' | 'Action', more: object = {}): object {
  return {
    version: '0',
    id: 'c4a3e7d1-0000-4000-8000-000000000000',
    'detail-type': `CodePipeline ${kind} Execution State Change`,
    source: 'aws.codepipeline',
    account: '000000000000',
    time: '2026-11-03T10:00:03Z',
    region: 'us-east-1',
    resources: ['arn:aws:codepipeline:us-east-1:000000000000:shop'],
    detail: {
      pipeline: 'shop',
      'execution-id': '8f3c0b1e-0000-4000-8000-000000000000',
      'start-time': '2026-11-03T10:00:02.871Z',
      state: 'FAILED',
      version: 3.0,
      'pipeline-execution-attempt': 1.0,
      ...(kind === 'Pipeline' ? {} : { stage: 'Smoke' }),
      ...(kind === 'Action' ? { action: 'test', region: 'us-east-1' } : {}),
      ...more,
    },
  };
}
