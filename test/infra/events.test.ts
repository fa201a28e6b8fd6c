import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import type { DeployablePlan } from '../../lib/infra/plans.ts';
import { flat, templateOf } from './fixture.ts';
import { plan, reference, THROUGH_PIPELINE } from './plan.ts';

const CLOUDWATCH = `arn:${reference('AWS::Partition')}:cloudwatch:${reference('AWS::Region')}:${reference('AWS::AccountId')}`;

interface Pattern {
  readonly resources?: readonly unknown[];
  readonly detail?: { readonly clusterArn?: readonly unknown[] };
}

function trigger(observedBy: string, condition: string) {
  return {
    name: condition.replaceAll(/[ /]/g, '-'),
    observedBy,
    condition,
    action: 'roll-back',
    budget: '5m',
  };
}

/** What wakes ObserveEvent, by the kind of event. */
function observed(plans: readonly DeployablePlan[]): Readonly<Record<string, Pattern>> {
  const rules = Object.values(templateOf(plans).findResources('AWS::Events::Rule'));
  const waking = rules.filter(({ Properties }) =>
    JSON.stringify(Properties.Targets).includes('ObserveEvent'),
  );
  return Object.fromEntries(
    waking.map(({ Properties: { EventPattern } }) => [EventPattern['detail-type'][0], EventPattern]),
  );
}

describe('events', () => {
  test('without a plan, no deployment wakes anything', () => {
    const rules = templateOf([]).findResources('AWS::Events::Rule');
    expect(Object.values(rules).map(({ Properties }) => Properties.EventPattern.source)).toEqual([
      ['aws.states'],
    ]);
  });

  test('without a trigger on an alarm or on failed tasks, nothing that happens to them wakes anything', () => {
    expect(Object.keys(observed([plan()]))).toEqual(['ECS Deployment State Change']);
  });

  test('no alarm but those of triggers wakes ObserveEvent, each once, and none that is not in ALARM', () => {
    const alarmed = plan({ guardrails: { alarms: ['disk'] }, triggers: [trigger('alarm', 'shop-5xx')] });
    const other = plan({ name: 'search', triggers: ['slow', 'shop-5xx'].map((a) => trigger('alarm', a)) });
    const pattern = observed([alarmed, other])['CloudWatch Alarm State Change'];
    expect(pattern).toMatchObject({ source: ['aws.cloudwatch'], detail: { state: { value: ['ALARM'] } } });
    expect(pattern?.resources?.map(flat)).toEqual([
      `${CLOUDWATCH}:alarm:shop-5xx`,
      `${CLOUDWATCH}:alarm:slow`,
    ]);
  });

  test('no task wakes ObserveEvent that still runs, or whose service counts no failed tasks', () => {
    const target = { ecs: { cluster: 'main', service: 'search' } };
    const counting = plan({
      name: 'search',
      target,
      triggers: [trigger('deployment-event', '3 tasks failed')],
    });
    const { clusterArn = [], ...detail } =
      observed([plan(), counting])['ECS Task State Change']?.detail ?? {};
    expect(detail).toEqual({ group: ['service:search'], lastStatus: ['STOPPED'] });
    expect(clusterArn.map((arn: unknown) => flat(arn).split(':').at(-1))).toContain('cluster/main');
  });

  test('an event that is too old wakes nothing', () => {
    const all = [trigger('alarm', 'shop-5xx'), trigger('deployment-event', '3 tasks failed')];
    const rules = templateOf([plan({ triggers: all })]).findResources('AWS::Events::Rule');
    const targets = Object.values(rules).flatMap(({ Properties }) => Properties.Targets);
    const waking = targets.filter(({ Arn }) => flat(Arn).includes('ObserveEvent'));
    expect(waking.map(({ RetryPolicy }) => RetryPolicy.MaximumEventAgeInSeconds)).toEqual([300, 300, 300]);
  });

  test('no deployment of a service that no plan names wakes ObserveEvent, and one of two plans wakes it once', () => {
    const other = plan({ name: 'search', target: { ecs: { cluster: 'demo', service: 'search' } } });
    const again = plan({ name: 'shop-again' });
    const rules = templateOf([plan(), again, other]).findResources('AWS::Events::Rule', {
      Properties: { EventPattern: { source: ['aws.ecs'] } },
    });
    const patterns = Object.values(rules).map(({ Properties }) => Properties.EventPattern);
    expect(patterns).toHaveLength(1);
    expect(patterns[0]['detail-type']).toEqual(['ECS Deployment State Change']);
    expect(patterns[0].resources.map(flat).map((arn: string) => arn.split(':').at(-1))).toEqual([
      'service/demo/shop',
      'service/demo/search',
    ]);
  });

  test('no pipeline wakes ObserveEvent that no plan names; one that a plan names does, by itself and its stages', () => {
    const again = plan({ ...THROUGH_PIPELINE, name: 'pipe-again' });
    const byKind = observed([plan(), plan(THROUGH_PIPELINE), again]);
    expect(Object.keys(observed([plan()])).filter((kind) => kind.startsWith('CodePipeline'))).toEqual([]);
    const pattern = byKind['CodePipeline Pipeline Execution State Change'];
    expect(pattern).toMatchObject({
      source: ['aws.codepipeline'],
      'detail-type': [
        'CodePipeline Pipeline Execution State Change',
        'CodePipeline Stage Execution State Change',
      ],
    });
    expect(pattern?.resources?.map(flat)).toEqual([
      CLOUDWATCH.replace(':cloudwatch:', ':codepipeline:').concat(':shop-pipe'),
    ]);
  });

  test('no action of a pipeline wakes ObserveEvent that has not failed, or where no trigger names one', () => {
    const named = plan({
      ...THROUGH_PIPELINE,
      triggers: [trigger('pipeline-event', 'action Smoke/test failed')],
    });
    const KIND = 'CodePipeline Action Execution State Change';
    expect(observed([plan(THROUGH_PIPELINE)])[KIND]).toBeUndefined();
    const pattern = observed([plan(THROUGH_PIPELINE), named])[KIND];
    expect(pattern).toMatchObject({ detail: { state: ['FAILED'] } });
    expect(pattern?.resources?.map((arn) => flat(arn).split(':').at(-1))).toEqual(['shop-pipe']);
  });

  test('the service behind a pipeline wakes ObserveEvent too', () => {
    const { resources } = observed([plan(THROUGH_PIPELINE)])['ECS Deployment State Change'] ?? {};
    expect(resources?.map((arn) => flat(arn).split(':').at(-1))).toEqual(['service/demo/shop']);
  });

  test('no pattern is longer than EventBridge takes, however many services there are, and none of them is left out', () => {
    const names = Array.from({ length: 25 }, (_, index) => `service-with-a-long-name-${index}`);
    const plans = names.map((name) =>
      plan({
        name,
        target: { ecs: { cluster: 'main', service: name } },
        triggers: [trigger('deployment-event', '3 tasks failed')],
      }),
    );
    const rules = Object.values(templateOf(plans).findResources('AWS::Events::Rule'));
    const patterns = rules.map(({ Properties }) =>
      flatPattern(Properties.EventPattern)
        .replaceAll(reference('AWS::Region'), 'ap-southeast-2')
        .replaceAll(reference('AWS::AccountId'), '123456789012')
        .replaceAll(reference('AWS::Partition'), 'aws-us-gov'),
    );
    expect(Math.max(...patterns.map(({ length }) => length))).toBeLessThanOrEqual(2_048);
    for (const name of names) {
      expect(patterns.filter((pattern) => pattern.includes(`service/main/${name}"`))).toHaveLength(1);
      expect(patterns.filter((pattern) => pattern.includes(`"service:${name}"`))).toHaveLength(1);
    }
  });

  test('a drill that succeeded does not wake the watchdog; every other ending of the drill, and of it alone, does', () => {
    templateOf([plan()]).hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: {
          status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
          stateMachineArn: [{ Ref: Match.stringLikeRegexp('^DrillMachine') }],
        },
      },
      Targets: [Match.objectLike({ DeadLetterConfig: Match.anyValue() })],
    });
  });

  test('a watchdog that fails is not forgotten', () => {
    const template = templateOf([plan()]);
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: Match.stringLikeRegexp('^Watchdog') },
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Threshold: 1,
      AlarmActions: [{ Ref: Match.stringLikeRegexp('^Milestones') }],
    });
  });
});

/** As EventBridge is given it. */
function flatPattern(pattern: unknown): string {
  return JSON.stringify(pattern, (_, value: unknown) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    ('Fn::Join' in value || 'Ref' in value)
      ? flat(value)
      : value,
  );
}
