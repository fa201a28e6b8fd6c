import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { difference, plain } from '../../../../lib/drill/validations/difference.ts';
import {
  type ComparedMetric,
  type ComparedProbes,
  type MonitoringFacts,
  monitoring,
} from '../../../../lib/drill/validations/monitoring.ts';
import type { Baseline } from '../../../../lib/drill/witness/baseline.ts';

const mean = (value: number) => ({ found: { value, periods: 1 } });

function metric(before: number, after: number, changes: Partial<ComparedMetric> = {}): ComparedMetric {
  const tolerance = { within: 0.1, floor: 0, direction: 'both' as const };
  return { name: 'orders', before: mean(before), after: mean(after), ...tolerance, ...changes };
}

function users(p95: number, changes: Partial<Baseline> = {}): Baseline {
  return { samples: 20, failed: 0, latencyMs: { p50: 1, p90: 2, p95, p99: 4 }, ...changes };
}

function probes(before: Baseline | null, after: Baseline, changes: Partial<ComparedProbes> = {}) {
  const tolerance = { within: 0.1, floor: 20, percentile: 'p95' as const };
  return { probes: { before, after: { found: after }, ...tolerance, ...changes } };
}

const NOTHING: MonitoringFacts = { alarms: [], found: { found: [] }, metrics: [], probes: null };
const judge = (facts: Partial<MonitoringFacts>) => monitoring({ ...NOTHING, ...facts });
const alarm = (state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA') => ({
  alarms: ['errors'],
  found: { found: [{ name: 'errors', state, since: null }] },
});

describe('not as before', () => {
  test.each<[what: string, facts: Partial<MonitoringFacts>, reason: string]>([
    ['an alarm that is in ALARM', alarm('ALARM'), 'alarm errors is ALARM'],
    ['more than 10 % above', { metrics: [metric(100, 111)] }, 'orders 111 > 110 (100 + 10 %)'],
    ['more than 10 % below', { metrics: [metric(100, 89)] }, 'orders 89 < 90 (100 − 10 %)'],
    ['anything where there was nothing', { metrics: [metric(0, 1)] }, 'orders 1 > 0 (0 + 10 %)'],
    ['more than a negative value allows', { metrics: [metric(-100, -80)] }, 'orders -80 > -90 (-100 + 10 %)'],
    ['slower users', probes(users(210), users(232)), 'p95 232 ms > 231 ms (210 ms + 10 %)'],
    ['failing users', probes(users(210), users(210, { failed: 1 })), 'failing probes 5 % > 0 % (0 % + 10 %)'],
    [
      'one of many, which is named beside what is not known',
      { ...alarm('INSUFFICIENT_DATA'), metrics: [metric(1, 1), metric(1, 2)] },
      'orders 2 > 1.1 (1 + 10 %); alarm errors is INSUFFICIENT_DATA',
    ],
  ])('%s', (_, facts, reason) => {
    expect(judge(facts)).toMatchObject({ verdict: 'failed', reason });
  });
});

describe('not known to be as before', () => {
  test.each<[what: string, facts: Partial<MonitoringFacts>, reason: string]>([
    ['nothing that was measured', {}, 'nothing was measured'],
    ['an alarm that is not there', { alarms: ['errors'] }, 'alarm errors is not there'],
    ['an alarm without data', alarm('INSUFFICIENT_DATA'), 'alarm errors is INSUFFICIENT_DATA'],
    [
      'alarms that cannot be read',
      { alarms: ['errors'], found: { why: 'Throttling' } },
      'the alarms cannot be read: Throttling',
    ],
    [
      'no data before',
      { metrics: [metric(1, 1, { before: { why: 'no data' } })] },
      'orders was not measured before the drill: no data',
    ],
    [
      'no data after',
      { metrics: [metric(1, 1, { after: { why: 'no data' } })] },
      'orders was not measured since the target was restored: no data',
    ],
    [
      'a steady state of few probes',
      probes(users(1, { samples: 12 }), users(1)),
      'the steady state has 12 probes; p95 needs 20 that were answered',
    ],
    [
      'a steady state that was not measured',
      probes(null, users(1)),
      'the steady state has 0 probes; p95 needs 20 that were answered',
    ],
    [
      'few probes since',
      probes(users(1), users(1, { samples: 19 })),
      '19 probes since the target was restored < 20 that p95 needs',
    ],
  ])('%s', (_, facts, reason) => {
    expect(judge(facts)).toMatchObject({ verdict: 'unknown', reason });
  });
});

test('as before only when every part is, with the arithmetic of each', () => {
  const metrics = [
    metric(100, 110),
    metric(100, 50, { name: 'errors', direction: 'above' }),
    metric(0, 3, { name: 'retries', floor: 5 }),
  ];
  expect(judge({ ...alarm('OK'), metrics, ...probes(users(12), users(30)) })).toMatchObject({
    verdict: 'passed',
    reason: [
      '1 of 1 alarms are OK',
      'orders 110 ≤ 110 (100 + 10 %)',
      'errors 50 ≤ 110 (100 + 10 %)',
      'retries 3 ≤ 5 (0 + 5)',
      'p95 30 ms ≤ 32 ms (12 ms + 20 ms)',
      'failing probes 0 % ≤ 0 % (0 % + 10 %)',
    ].join('; '),
  });
});

describe('a difference', () => {
  const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  const tolerance = fc.record({
    within: fc.double({ min: 0, max: 10, noNaN: true }),
    floor: fc.double({ min: 0, max: 1e6, noNaN: true }),
    direction: fc.constantFrom('above' as const, 'below' as const, 'both' as const),
  });

  test('that is allowed both ways is allowed each way, and what did not change always is', () => {
    fc.assert(
      fc.property(value, value, tolerance, (before, after, allowed) => {
        const is = (direction: 'above' | 'below' | 'both') =>
          difference(before, after, { ...allowed, direction }, plain).isAllowed;
        expect(is('both')).toBe(is('above') && is('below'));
        expect(difference(before, before, allowed, plain).isAllowed).toBe(true);
      }),
    );
  });

  test('that is allowed stays allowed with more tolerance', () => {
    fc.assert(
      fc.property(value, value, tolerance, (before, after, allowed) => {
        const more = { ...allowed, within: allowed.within * 2, floor: allowed.floor * 2 };
        if (difference(before, after, allowed, plain).isAllowed)
          expect(difference(before, after, more, plain).isAllowed).toBe(true);
      }),
    );
  });
});
