import { describe, expect, test } from 'vitest';
import {
  ConditionError,
  fewestFailures,
  observerOf,
  parseCondition,
} from '../../../../lib/drill/plan/condition.ts';

describe('parseCondition', () => {
  test.each([
    '',
    'smoke failed',
    'smoke failed three times running',
    'smoke failed -3 times running',
    'errorRate > 5% for 2m',
    'deployment failed twice',
  ])('refuses %j and names the forms that are allowed', (text) => {
    expect(() => parseCondition(text)).toThrow(ConditionError);
    expect(() => parseCondition(text)).toThrow(
      `${JSON.stringify(text)} is no condition. Write it like 'smoke failed 3 times running' (probe), '8 of the last 20 failed' (probe), 'deployment failed' (deployment-event), 'reported by a person' (person).`,
    );
  });

  test.each([
    ['smoke failed 0 times running', 'the failures running must be 1 to 100; received 0.'],
    ['smoke failed 101 times running', 'the failures running must be 1 to 100; received 101.'],
    ['0 of the last 20 failed', 'the failures in the window must be 1 to 20; received 0.'],
    ['21 of the last 20 failed', 'the failures in the window must be 1 to 20; received 21.'],
    ['1 of the last 0 failed', 'the samples of the window must be 1 to 1000; received 0.'],
    ['8 of the last 1001 failed', 'the samples of the window must be 1 to 1000; received 1001.'],
  ])('refuses %j beyond its limits', (text, message) => expect(() => parseCondition(text)).toThrow(message));

  test.each([
    ['smoke failed 3 times running', { kind: 'consecutive-failures', count: 3 }, 'probe', 3],
    ['smoke failed 1 time running', { kind: 'consecutive-failures', count: 1 }, 'probe', 1],
    ['  8 of  the last 20\nfailed ', { kind: 'failures-in-window', failures: 8, samples: 20 }, 'probe', 8],
    ['deployment failed', { kind: 'deployment-failed' }, 'deployment-event', null],
    ['reported by a person', { kind: 'reported' }, 'person', null],
  ] as const)('reads %j', (text, condition, observer, failures) => {
    const read = parseCondition(text);
    expect(read).toEqual(condition);
    expect(observerOf(read)).toBe(observer);
    expect(fewestFailures(read)).toBe(failures);
  });
});
