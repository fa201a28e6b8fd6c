import { describe, expect, test } from 'vitest';
import { parseCondition } from '../../../../lib/drill/plan/condition.ts';
import type { Baseline } from '../../../../lib/drill/witness/baseline.ts';
import { firstMatch, wasJudged } from '../../../../lib/drill/witness/probe-conditions.ts';
import type { Sample } from '../../../../lib/drill/witness/sample.ts';
import { ms } from '../fixtures/journal.ts';
import { bad, red, sample } from '../fixtures/samples.ts';

const BASELINE: Baseline = { samples: 40, failed: 0, latencyMs: { p50: 20, p90: 40, p95: 50, p99: 90 } };

/** Twenty probes, one a second from second 13 on. */
function twenty(probe: (second: number, index: number) => Sample): readonly Sample[] {
  return Array.from({ length: 20 }, (_, index) => probe(13 + index, index));
}

function match(condition: string, samples: readonly Sample[], baseline: Baseline | null = BASELINE) {
  const found = firstMatch(parseCondition(condition), { samples, deployedAt: ms(13), baseline });
  return found && [(found.sample.at - ms(0)) / 1_000, found.arithmetic];
}

function slow(second: number, latencyMs: number, more: Partial<Sample> = {}): Sample {
  return sample(second, { sentAt: ms(second) - latencyMs, ...more });
}

describe('an error rate does not fire', () => {
  test.each<[string, string, readonly Sample[]]>([
    [
      'at its limit',
      'errorRate > 10% for 10s',
      twenty((at, index) => (index % 10 === 5 ? bad(at) : sample(at))),
    ],
    ['before its window is full', 'errorRate > 5% for 20s', twenty(bad)],
    ['with too few samples in its window', 'errorRate > 5% for 10s with at least 11 samples', twenty(bad)],
    [
      'for failures from before the deployment',
      'errorRate > 5% for 10s',
      [bad(11), bad(12), ...twenty((at) => sample(at))],
    ],
    [
      'relative to a baseline without failures, for one failure among as many probes',
      'errorRate > 5x baseline for 10s',
      twenty((at, index) => (index === 12 ? bad(at) : sample(at))),
    ],
    [
      'below the fixed limit that stands beside the baseline',
      'errorRate > 2x baseline and > 30% for 10s',
      twenty((at, index) => (index % 4 === 0 ? bad(at) : sample(at))),
    ],
  ])('%s', (_, condition, samples) => expect(match(condition, samples)).toBeUndefined());

  test('relative to a baseline that was not measured', () => {
    expect(match('errorRate > 5x baseline for 10s', twenty(bad), null)).toBeUndefined();
  });
});

describe('an error rate fires at the first probe whose window is full and above the limit', () => {
  test.each<[string, readonly Sample[], number, string]>([
    ['errorRate > 5% for 10s', twenty(bad), 23, 'errorRate 100 %: 10 of 10 probes failed in 10s > 5 %'],
    [
      'errorRate > 25% for 10s',
      twenty((at, index) => (index >= 12 ? red(at) : sample(at))),
      27,
      'errorRate 30 %: 3 of 10 probes failed in 10s > 25 %',
    ],
    [
      'errorRate > 5x baseline for 10s',
      twenty((at, index) => (index >= 12 ? bad(at) : sample(at))),
      26,
      'errorRate 20 %: 2 of 10 probes failed in 10s > 12.5 % (5 × baseline 2.5 %, 0 of 40 counted as 1)',
    ],
    [
      'errorRate > 2x baseline and > 30% for 10s',
      twenty((at, index) => (index >= 10 ? bad(at) : sample(at))),
      26,
      'errorRate 40 %: 4 of 10 probes failed in 10s > 30 % (more than 2 × baseline 2.5 %, 0 of 40 counted as 1 = 5 %)',
    ],
  ])('%s', (condition, samples, second, arithmetic) =>
    expect(match(condition, samples)).toEqual([second, arithmetic]),
  );
});

describe('a latency does not fire', () => {
  test.each<[string, string, readonly Sample[]]>([
    ['at its limit', 'p90 > 100ms for 10s', twenty((at) => slow(at, 100))],
    [
      'for a slow probe that the percentile passes over',
      'p90 > 100ms for 10s',
      twenty((at, index) => slow(at, index % 10 ? 20 : 400)),
    ],
    ['for probes that were refused at once', 'p50 > 100ms for 10s', twenty(red)],
    [
      'below the fixed limit that stands beside the baseline',
      'p90 > 2x baseline and > 250ms for 10s',
      twenty((at) => slow(at, 200)),
    ],
  ])('%s', (_, condition, samples) => expect(match(condition, samples)).toBeUndefined());
});

describe('a latency fires', () => {
  test.each<[string, readonly Sample[], number, string]>([
    [
      'p90 > 100ms for 10s',
      twenty((at, index) => slow(at, index % 5 ? 20 : 400)),
      28,
      'p90 400 ms of 10 probes in 10s > 100 ms',
    ],
    [
      'p90 > 2x baseline for 10s',
      twenty((at) => slow(at, 81)),
      23,
      'p90 81 ms of 10 probes in 10s > 80 ms (2 × baseline 40 ms)',
    ],
    [
      'p90 > 2x baseline and > 250ms for 10s',
      twenty((at) => slow(at, 300)),
      23,
      'p90 300 ms of 10 probes in 10s > 250 ms (more than 2 × baseline 40 ms = 80 ms)',
    ],
    [
      'p50 > 1s for 10s',
      twenty((at) =>
        slow(at, 2_000, { ok: false, status: null, release: null, failure: 'no answer within 2000 ms' }),
      ),
      23,
      'p50 2000 ms of 10 probes in 10s > 1000 ms',
    ],
  ])('%s', (condition, samples, second, arithmetic) => {
    const found = match(condition, samples);
    expect(found?.[1]).toBe(arithmetic);
    expect(found?.[0]).toBeLessThanOrEqual(second);
  });
});

describe('silence says something only after a full window', () => {
  test.each([
    ['smoke failed 3 times running', 2, false],
    ['smoke failed 3 times running', 3, true],
    ['8 of the last 20 failed', 19, false],
    ['8 of the last 20 failed', 20, true],
    ['errorRate > 5% for 10s', 10, false],
    ['errorRate > 5% for 10s', 11, true],
    ['errorRate > 5% for 10s with at least 15 samples', 14, false],
    ['deployment failed', 20, false],
  ])('%s, of %i probes: %s', (condition, count, judged) => {
    const samples = twenty((at) => sample(at));
    expect(wasJudged(parseCondition(condition), samples, ms(13), ms(12 + count))).toBe(judged);
  });
});
