import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  conditionText,
  fewestFailures,
  observerOf,
  parseCondition,
} from '../../../../lib/drill/plan/condition.ts';
import { ConditionError } from '../../../../lib/drill/plan/condition-error.ts';

describe('parseCondition', () => {
  test.each([
    ['smoke failed 0 times running', 'the failures running must be 1 to 100; received 0.'],
    ['smoke failed 101 times running', 'the failures running must be 1 to 100; received 101.'],
    ['0 of the last 20 failed', 'the failures in the window must be 1 to 20; received 0.'],
    ['21 of the last 20 failed', 'the failures in the window must be 1 to 20; received 21.'],
    ['1 of the last 0 failed', 'the samples of the window must be 1 to 1000; received 0.'],
    ['8 of the last 1001 failed', 'the samples of the window must be 1 to 1000; received 1001.'],
    ['0 tasks failed', 'the failed tasks must be 1 to 1000; received 0.'],
    ['errorRate > 100% for 2m', 'the limit in percent must be 0 to 99.999; received 100.'],
    [
      'errorRate > 250ms for 2m',
      'the limit must be a share like 5% or a factor like 5x baseline; received "250ms".',
    ],
    ['errorRate > 5% for ever', 'the window must be 1s to 1h; received "ever".'],
    ['errorRate > 5% for 2h', 'the window must be 1s to 1h; received "2h".'],
    ['errorRate > 5% and > 6%', 'names two limits of the same kind: 5% and 6%. Keep one of them.'],
    ['errorRate > 0.5x baseline', 'the factor must be 1 to 1000; received 0.5.'],
    ['errorRate > 5% with at least 9 samples', 'the samples must be 10 to 10000; received 9.'],
    ['p99 > 2x baseline for 5m with at least 99 samples', 'the samples must be 100 to 10000; received 99.'],
    ['p95 > 5% for 5m', 'the limit must be 1ms to 1h; received "5%".'],
    ['', 'one line of 1 to 255 characters'],
    ['x'.repeat(256), 'one line of 1 to 255 characters'],
  ])('refuses %j beyond its limits', (text, message) => {
    expect(() => parseCondition(text)).toThrow(ConditionError);
    expect(() => parseCondition(text)).toThrow(message);
  });

  test.each([
    'smoke failed',
    'smoke failed three times running',
    'deployment failed twice',
    'p98 > 2s',
    'shop: 5xx > 5 %',
    'stage failed',
    'stage Smoke/test failed',
    'action Smoke failed',
    'Stage Smoke failed',
    'stage two words failed',
  ])('takes %j for the name of an alarm, as it has no other form', (text) => {
    expect(parseCondition(` ${text} `)).toEqual({ kind: 'alarm', alarm: text });
    expect(observerOf(parseCondition(text))).toBe('alarm');
  });

  test.each([
    ['smoke failed 3 times running', { kind: 'consecutive-failures', count: 3 }, 'probe', 3],
    ['smoke failed 1 time running', { kind: 'consecutive-failures', count: 1 }, 'probe', 1],
    ['  8 of  the last 20\nfailed ', { kind: 'failures-in-window', failures: 8, samples: 20 }, 'probe', 8],
    ['errorRate > 5% for 2m', rate({ above: 0.05 }, 120_000), 'probe', null],
    ['errorRate > 5x baseline', rate({ timesBaseline: 5 }, 60_000), 'probe', null],
    [
      'errorRate > 5x baseline and > 2.5% for 90s with at least 20 samples',
      { ...rate({ timesBaseline: 5, above: 0.025 }, 90_000), minimumSamples: 20 },
      'probe',
      null,
    ],
    ['p99 > 2x baseline for 5m', latency(99, { timesBaseline: 2 }, 300_000, 100), 'probe', null],
    [
      'p95 > 250ms and > 1.5x baseline',
      latency(95, { above: 250, timesBaseline: 1.5 }, 60_000, 20),
      'probe',
      null,
    ],
    ['p50 > 1s for 10s', latency(50, { above: 1_000 }, 10_000, 10), 'probe', null],
    ['deployment failed', { kind: 'deployment-failed' }, 'deployment-event', null],
    ['2 tasks failed', { kind: 'tasks-failed', count: 2 }, 'deployment-event', null],
    ['stage Smoke failed', pipeline('Smoke', null), 'pipeline-event', null],
    ['action Smoke.1/test@2 failed', pipeline('Smoke.1', 'test@2'), 'pipeline-event', null],
    ['execution failed', pipeline(null, null), 'pipeline-event', null],
    ['reported by a person', { kind: 'reported' }, 'person', null],
  ] as const)('reads %j', (text, condition, observer, failures) => {
    const read = parseCondition(text);
    expect(read).toEqual(condition);
    expect(observerOf(read)).toBe(observer);
    expect(fewestFailures(read)).toBe(failures);
    expect(parseCondition(conditionText(read))).toEqual(read);
  });

  test('whatever the text, it is a condition or a ConditionError', () => {
    const words = [
      'errorRate',
      'p99',
      '>',
      '5%',
      '2x',
      'baseline',
      'and',
      'for',
      '5m',
      '100ms',
      'failed',
      '3',
      'of',
      'the last',
      'stage',
      'action',
      'Smoke/test',
      'execution',
    ];
    const text = fc.oneof(
      fc.string(),
      fc.array(fc.constantFrom(...words), { maxLength: 12 }).map((all) => all.join(' ')),
    );
    fc.assert(
      fc.property(text, (written) => {
        try {
          const read = parseCondition(written);
          expect(parseCondition(conditionText(read))).toEqual(read);
        } catch (error) {
          expect(error).toBeInstanceOf(ConditionError);
        }
      }),
    );
  });
});

function rate(limit: object, windowMs: number) {
  return { kind: 'error-rate', limit, windowMs, minimumSamples: 10 } as const;
}

function pipeline(stage: string | null, action: string | null) {
  return { kind: 'pipeline-failed', stage, action } as const;
}

function latency(percentile: number, limit: object, windowMs: number, minimumSamples: number) {
  return { kind: 'latency', percentile, limit, windowMs, minimumSamples } as const;
}
