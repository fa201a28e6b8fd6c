import { describe, expect, test } from 'vitest';
import { parsePlan } from '../../../../lib/drill/plan/plan.ts';
import { changed, errorsOf } from './example.ts';

const AT = 'detectWithin: 2m';
const BALANCER = 'app/shop/50dc6c495c0c9188';
const GROUP = 'targetgroup/shop/6d0ecf831eec9f09';
const ELB = 'arn:aws:elasticloadbalancing:us-east-1:123456789012';
const ASKED = { loadBalancer: BALANCER, targetGroup: GROUP };
const TRIGGER = 'observedBy: probe\n    condition: smoke failed 3 times running';

function asking(asked: unknown, detectWithin = '2m'): readonly [string, string] {
  return [AT, `detectWithin: ${detectWithin}\nrecommendedAlarms: ${JSON.stringify(asked)}`];
}

function seenBy(alarm: string): readonly [string, string] {
  return [TRIGGER, `observedBy: alarm\n    condition: ${alarm}`];
}

describe('the load balancer whose alarms are made', () => {
  test.each<[asked: unknown, error: string]>([
    [
      { ...ASKED, loadBalancer: `${ELB}:loadbalancer/${BALANCER}` },
      `recommendedAlarms.loadBalancer (line 24): must be the LoadBalancer dimension of an Application Load Balancer's metrics, like ${BALANCER}; received "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbala…". Write ${BALANCER}, which is in the ARN.`,
    ],
    [
      { ...ASKED, targetGroup: `${ELB}:${GROUP}` },
      `recommendedAlarms.targetGroup (line 24): must be the TargetGroup dimension of an Application Load Balancer's metrics, like ${GROUP}; received "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgr…". Write ${GROUP}, which is in the ARN.`,
    ],
    [
      { ...ASKED, targetGroup: `${ELB}:loadbalancer/${BALANCER}` },
      `recommendedAlarms.targetGroup (line 24): must be the TargetGroup dimension of an Application Load Balancer's metrics, like ${GROUP}; received "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbala…".`,
    ],
    [
      { ...ASKED, loadBalancer: 'net/shop/50dc6c495c0c9188' },
      `recommendedAlarms.loadBalancer (line 24): must be the LoadBalancer dimension of an Application Load Balancer's metrics, like ${BALANCER}; received "net/shop/50dc6c495c0c9188".`,
    ],
    [
      { targetGroup: GROUP },
      `recommendedAlarms.loadBalancer (line 24): is missing. Give the LoadBalancer dimension of its metrics, like ${BALANCER}.`,
    ],
    [
      { ...ASKED, baseline: { p95: '250ms' } },
      'recommendedAlarms.baseline.p95 (line 24): is no known key; received "p95", allowed are p99, errorRate. Did you mean "p99"?',
    ],
    [
      { ...ASKED, baseline: { p99: '2m' } },
      'recommendedAlarms.baseline.p99 (line 24): must be a duration from 1ms to 1m; received "2m".',
    ],
    [
      { ...ASKED, baseline: { errorRate: '0%' } },
      'recommendedAlarms.baseline.errorRate (line 24): must be a share above 0% and below 20%, like 0.1%; received the number 0.',
    ],
    [
      { ...ASKED, baseline: { errorRate: 0.2 } },
      'recommendedAlarms.baseline.errorRate (line 24): must be a share above 0% and below 20%, like 0.1%; received the number 0.2.',
    ],
    [
      { ...ASKED, baseline: { errorRate: '30%' } },
      'recommendedAlarms.baseline.errorRate (line 24): must be a share from 0% to 20%, like 1% or 0.01; received "30%".',
    ],
  ])('is not guessed from %j', (asked, error) => {
    expect(errorsOf(changed(asking(asked)))).toEqual([error]);
  });

  test('is named by the dimensions of its metrics, with what is usual when that is known', () => {
    const baseline = { p99: '250ms', errorRate: '0.1%' };
    for (const [asked, known] of [
      [ASKED, {}],
      [
        { ...ASKED, baseline },
        { p99Ms: 250, errorRate: 0.001 },
      ],
    ])
      expect(parsePlan(changed(asking(asked)))).toMatchObject({
        plan: { recommendedAlarms: { ...ASKED, baseline: known } },
      });
  });
});

describe('the time that a recommended alarm needs', () => {
  test('is never longer than the drill waits for a trigger', () => {
    expect(errorsOf(changed(asking(ASKED, '3m59s'), seenBy('example-5xx-share')))).toEqual([
      'detectWithin (line 23): must be at least 4m, which the recommended alarm of the trigger red needs (2 periods × 1m + 2m until metrics are published); received 3m59s.',
    ]);
    const withP99 = { ...ASKED, baseline: { p99: '250ms' } };
    expect(errorsOf(changed(asking(withP99, '4m'), seenBy('example-p99')))).toEqual([
      'detectWithin (line 23): must be at least 7m, which the recommended alarm of the trigger red needs (5 periods × 1m + 2m until metrics are published); received 4m.',
    ]);
    expect(errorsOf(changed(asking(ASKED, '4m'), seenBy('example-5xx-share')))).toEqual([]);
  });

  test('is not asked of the sandbox, of other alarms, and of alarms that nothing waits for', () => {
    const sandbox = ['environment: staging', 'environment: sandbox'] as const;
    expect(errorsOf(changed(asking(ASKED), seenBy('example-5xx-share'), sandbox))).toEqual([]);
    expect(errorsOf(changed(asking(ASKED), seenBy('example-p99')))).toEqual([]);
    expect(errorsOf(changed(asking(ASKED)))).toEqual([]);
  });

  test('is not told of a plan whose alarms are not known', () => {
    const wrong = { ...ASKED, baseline: { p99: 'slow' } };
    expect(errorsOf(changed(asking(wrong), seenBy('example-p99')))).toEqual([
      expect.stringContaining('recommendedAlarms.baseline.p99 (line 24): must be a duration'),
    ]);
  });
});
