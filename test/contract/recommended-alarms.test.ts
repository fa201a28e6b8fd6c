import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { deployPlan } from '../../lib/cli/deployment.ts';
import { type CloudWatch, startCloudWatch } from '../../sandbox/cloudwatch/service.ts';
import { environmentFor } from '../../sandbox/stores.ts';
import { plan, RECOMMENDED } from '../infra/plan.ts';
import { type Served, serve } from '../sandbox/fixtures/served.ts';

/** When the minutes that are told below are over, and published. */
const NOW = Date.parse('2026-11-20T12:00:45Z');
const BALANCER = { LoadBalancer: RECOMMENDED.loadBalancer };
const TARGET = { TargetGroup: RECOMMENDED.targetGroup, ...BALANCER };

let cloudWatch: CloudWatch;
let served: Served;
let client: CloudWatchClient;

beforeEach(async () => {
  served = await serve((directory) => {
    cloudWatch = startCloudWatch({ directory, emit: () => {}, now: () => NOW });
    return { monitoring: cloudWatch.endpoint };
  });
  client = new CloudWatchClient(served.configuration);
  for (const [name, value] of Object.entries(environmentFor(served.configuration.endpoint)))
    vi.stubEnv(name, value);
});
afterEach(() => {
  vi.unstubAllEnvs();
  cloudWatch.close();
  client.destroy();
  return served.close();
});

/** What a load balancer measured in one minute; what it counted zero times it does not tell. */
interface Minute {
  readonly requests?: number;
  readonly target5xx?: number;
  /** Answered by the load balancer itself, though it had a target. */
  readonly balancer502?: number;
  /** Answered by the load balancer itself, as it had no target. */
  readonly balancer503?: number;
  readonly seconds?: readonly number[];
}

const GOOD: Minute = { requests: 100 };
const BAD: Minute = { requests: 100, target5xx: 6 };
const QUIET: Minute = {};

describe('a plan that is deployed brings its alarms, and the alarm of', () => {
  test.each<[what: string, state: string, minutes: readonly Minute[]]>([
    ['no traffic', 'OK', [QUIET, QUIET, QUIET]],
    ['good traffic', 'OK', [GOOD, GOOD, GOOD]],
    ['no more than 5 %', 'OK', Array(3).fill({ requests: 100, target5xx: 5 })],
    ['one bad minute', 'OK', [GOOD, GOOD, BAD]],
    ['two bad minutes with a good one between them', 'OK', [BAD, GOOD, BAD]],
    ['bad minutes that are over', 'OK', [BAD, BAD, GOOD]],
    ['two bad minutes', 'ALARM', [GOOD, BAD, BAD]],
    ['two bad minutes, while the newest is not published yet', 'ALARM', [BAD, BAD, QUIET]],
    [
      'answers that the load balancer gives in place of a target',
      'ALARM',
      Array(2).fill({ requests: 9, balancer502: 9 }),
    ],
    ['requests for which no target is left', 'ALARM', Array(2).fill({ balancer503: 9 })],
    [
      'few requests without a target among many good ones',
      'OK',
      Array(2).fill({ requests: 96, balancer503: 4 }),
    ],
  ])('the share of 5xx answers to %s with %s', async (_, state, minutes) => {
    expect(await stateAfter(minutes, 'shop-5xx-share')).toBe(state);
  });

  test.each<[what: string, state: string, minutes: readonly Minute[]]>([
    ['five times the usual share', 'OK', Array(2).fill({ requests: 1_000, target5xx: 5 })],
    ['more than that', 'ALARM', Array(2).fill({ requests: 1_000, target5xx: 6 })],
  ])('the error ratio answers to %s with %s', async (_, state, minutes) => {
    expect(await stateAfter(minutes, 'shop-error-ratio')).toBe(state);
  });

  test.each<[what: string, state: string, minutes: readonly Minute[]]>([
    ['no traffic', 'OK', Array(5).fill(QUIET)],
    ['twice the usual time', 'OK', Array(5).fill({ seconds: [0.1, 0.5] })],
    ['four slow minutes', 'OK', [{ seconds: [0.1] }, ...Array(4).fill({ seconds: [0.1, 0.51] })]],
    ['five slow minutes with two requests each', 'ALARM', Array(5).fill({ seconds: [0.1, 0.51] })],
  ])('the 99th percentile answers to %s with %s', async (_, state, minutes) => {
    expect(await stateAfter(minutes, 'shop-p99')).toBe(state);
  });

  test('another deployment changes nothing', async () => {
    const shop = plan({ recommendedAlarms: RECOMMENDED });
    await deployPlan(served.directory, shop);
    const before = await described();
    await deployPlan(served.directory, shop);
    expect((await described()).map(({ AlarmName }) => AlarmName)).toEqual(
      before.map(({ AlarmName }) => AlarmName),
    );
    expect(existsSync(join(served.directory, 'load-plan', 'plans', 'shop.json'))).toBe(true);
  });
});

/** An alarm that is new is judged at once. */
async function stateAfter(minutes: readonly Minute[], name: string): Promise<string | undefined> {
  const over = Math.floor(NOW / 60_000) * 60_000;
  for (const [index, minute] of minutes.toReversed().entries()) measure(minute, over - (index + 1) * 60_000);
  await deployPlan(served.directory, plan({ recommendedAlarms: RECOMMENDED }));
  return (await described()).find(({ AlarmName }) => AlarmName === name)?.StateValue;
}

function measure(
  { requests = 0, target5xx = 0, balancer502 = 0, balancer503 = 0, seconds = [] }: Minute,
  atMs: number,
) {
  const namespace = 'AWS/ApplicationELB';
  const count = (name: string, dimensions: Record<string, string>, times: number) =>
    times === 0 ? [] : [{ namespace, name, dimensions, atMs, values: [1], counts: [times] }];
  cloudWatch.record([
    ...count('RequestCount', TARGET, requests),
    ...count('HTTPCode_Target_5XX_Count', TARGET, target5xx),
    ...count('HTTPCode_ELB_5XX_Count', BALANCER, balancer502 + balancer503),
    ...count('HTTPCode_ELB_502_Count', BALANCER, balancer502),
    ...count('HTTPCode_ELB_503_Count', BALANCER, balancer503),
    { namespace, name: 'TargetResponseTime', dimensions: TARGET, atMs, values: seconds },
  ]);
}

async function described() {
  return (await client.send(new DescribeAlarmsCommand())).MetricAlarms ?? [];
}
