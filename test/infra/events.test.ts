import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { flat, templateOf } from './fixture.ts';
import { plan } from './plan.ts';

describe('events', () => {
  test('without a plan, no deployment wakes anything', () => {
    const rules = templateOf([]).findResources('AWS::Events::Rule');
    expect(Object.values(rules).map(({ Properties }) => Properties.EventPattern.source)).toEqual([
      ['aws.states'],
    ]);
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
