import { describe, expect, test } from 'vitest';
import { monitoringOf } from '../../../../lib/adapters/aws/monitoring.ts';
import { iso } from '../../../../lib/drill/clock.ts';
import type { Entry } from '../../../../lib/drill/entry.ts';
import type { Alarm } from '../../../../lib/drill/guardrails/surroundings.ts';
import type { Sample } from '../../../../lib/drill/witness/sample.ts';
import { simulatedClock } from '../../../fixtures/simulated-clock.ts';
import { before, lastHealthy, restoredAt, validatedDrill } from '../../../fixtures/validated-drill.ts';

const START = Date.parse('2026-11-03T10:00:00.000Z');
const ORDERS = 'name: orders, namespace: Shop, metric: Orders, stat: Sum, period: 10s, over: 1m';
const { signal } = new AbortController();

interface World {
  /** The value of the period that begins then. */
  readonly valueAt?: (ms: number) => number | undefined;
  readonly alarmAt?: (ms: number) => Alarm['state'];
  readonly samples?: readonly Sample[];
}

/** CloudWatch and the witness's series, in simulated time; a period can be read five seconds after it is over. */
function world({ valueAt = () => undefined, alarmAt = () => 'OK', samples = [] }: World) {
  const clock = simulatedClock(START);
  let asked = 0;
  const validator = monitoringOf({
    clock,
    alarms: { states: async () => [{ name: 'errors', state: alarmAt(clock.now()), since: null }] },
    async metrics({ periodMs }, { fromMs, untilMs }) {
      asked += 1;
      if (asked === 2) throw Object.assign(new Error('slow down'), { name: 'Throttling' });
      const periods = Array.from({ length: (untilMs - fromMs) / periodMs }, (_, n) => fromMs + n * periodMs);
      return periods
        .filter((at) => at + periodMs + 5_000 <= clock.now())
        .flatMap((atMs) => {
          const value = valueAt(atMs);
          return value === undefined ? [] : [{ atMs, value }];
        });
    },
    series: {
      write: async () => {},
      read: async () => ({ samples: samples.filter(({ at }) => at <= clock.now()), next: 0 }),
    },
  });
  return { clock, validator };
}

function drill(options: string, ...journal: readonly Entry[]) {
  const changes = [
    ['minimumSamples: 3', 'minimumSamples: 10'],
    ['for: 5s', 'for: 20s'],
  ] as const;
  return validatedDrill('monitoring', options, [...lastHealthy('shop:4', 'arn:r'), ...journal], ...changes);
}

async function judged(options: string, found: World, ...journal: readonly Entry[]) {
  const { clock, validator } = world(found);
  const { drill: checked, validation } = drill(options, ...journal);
  const judgement = await validator.judge(validation, checked, signal);
  return { ...judgement, tookMs: clock.now() - START };
}

const MEASURED = before({ orders: { value: 100, periods: 6 } });
const RESTORED = restoredAt(iso(START - 3_000));

describe('before the drill', () => {
  const measure = (options: string, found: World) => {
    const { validator } = world(found);
    const { drill: checked, validation } = drill(options);
    return validator.before?.(validation, checked, signal);
  };

  test('a metric without data refuses the drill, unless no data is zero', async () => {
    await expect(measure(`metrics: [{ ${ORDERS} }]`, {})).rejects.toThrow(
      'orders (Shop Orders) has no data in the 1m before the drill; at least 1 period of 10s is needed. Check its dimensions, or give missing: zero',
    );
    expect(await measure(`metrics: [{ ${ORDERS}, missing: zero }]`, {})).toEqual({
      orders: { value: 0, periods: 6 },
    });
  });

  test('the mean of the whole periods is kept; one that may not be published yet does not count', async () => {
    const valueAt = (at: number) => (at < START - 10_000 ? 4 : 1_000_000);
    expect(await measure(`metrics: [{ ${ORDERS} }]`, { valueAt })).toEqual({
      orders: { value: 4, periods: 6 },
    });
  });

  test('periods without data count as zero where the plan says so', async () => {
    const valueAt = (at: number) => (at % 20_000 === 0 ? 4 : undefined);
    expect(await measure(`metrics: [{ ${ORDERS}, missing: zero }]`, { valueAt })).toEqual({
      orders: { value: 2, periods: 6 },
    });
  });
});

describe('after the drill', () => {
  test('nothing passes that was not measured before, or without a restoration', async () => {
    const valueAt = () => 100;
    expect(await judged(`metrics: [{ ${ORDERS} }]`, { valueAt }, RESTORED)).toMatchObject({
      verdict: 'unknown',
      reason: 'orders was not measured before the drill: the journal does not tell',
    });
    expect(await judged(`timeout: 1m, metrics: [{ ${ORDERS} }]`, { valueAt }, MEASURED)).toMatchObject({
      verdict: 'unknown',
      reason: 'orders was not measured since the target was restored: the journal tells of no restoration',
    });
  });

  test('no period counts that began before the target was restored, and a call that fails is made again', async () => {
    const valueAt = (at: number) => (at >= START ? 105 : 0);
    const judgement = await judged(`metrics: [{ ${ORDERS} }]`, { valueAt }, MEASURED, RESTORED);
    expect(judgement).toMatchObject({ verdict: 'passed', reason: 'orders 105 ≤ 110 (100 + 10 %)' });
    expect(judgement.tookMs).toBe(20_000);
  });

  test('a metric that is off its baseline fails at once, without waiting for the time to be over', async () => {
    const judgement = await judged(`metrics: [{ ${ORDERS} }]`, { valueAt: () => 50 }, MEASURED, RESTORED);
    expect(judgement).toMatchObject({ verdict: 'failed', reason: 'orders 50 < 90 (100 − 10 %)' });
    expect(judgement.tookMs).toBe(20_000);
  });

  test('no data is unknown when the time is over', async () => {
    const judgement = await judged(`timeout: 1m, metrics: [{ ${ORDERS} }]`, {}, MEASURED, RESTORED);
    expect(judgement).toMatchObject({
      verdict: 'unknown',
      reason: 'orders was not measured since the target was restored: no data of a whole period of 10s yet',
    });
    expect(judgement.tookMs).toBeLessThanOrEqual(60_000);
  });

  test('an alarm that looks back at the drill has time to be OK again, and no more', async () => {
    const alarmAt = (now: number) => (now < START + 30_000 ? 'ALARM' : 'OK');
    expect(await judged('alarms: [errors]', { alarmAt }, RESTORED)).toMatchObject({
      verdict: 'passed',
      reason: '1 of 1 alarms are OK',
      tookMs: 30_000,
    });
    expect(await judged('timeout: 20s, alarms: [errors]', { alarmAt }, RESTORED)).toMatchObject({
      verdict: 'failed',
      reason: 'alarm errors is ALARM',
    });
  });

  test('probes that were sent before the target was restored do not count', async () => {
    const sample = (sentAt: number, tookMs: number): Sample => ({
      sentAt,
      at: sentAt + tookMs,
      ok: true,
      status: 200,
      release: 'v4',
      failure: null,
    });
    const slow = Array.from({ length: 20 }, (_, n) => sample(START - 10_000 + n * 100, 5_000));
    const quick = Array.from({ length: 10 }, (_, n) => sample(START + n * 1_000, 61));
    const samples = [...slow, ...quick];
    const options = 'timeout: 30s, probes: { percentile: p90, floor: 1ms }';
    expect(await judged(options, { samples }, RESTORED)).toMatchObject({
      verdict: 'passed',
      reason: 'p90 61 ms ≤ 66 ms (60 ms + 10 %); failing probes 0 % ≤ 0 % (0 % + 10 %)',
      tookMs: 10_000,
    });
  });
});
