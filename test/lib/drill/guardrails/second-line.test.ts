import { expect, test } from 'vitest';
import { secondLine } from '../../../../lib/drill/guardrails/second-line.ts';

const offer = 'aws ecs update-service --cluster demo --service shop …';

test.each([
  ['no hook pauses', []],
  [
    'a pause lets the deployment go on',
    [{ stages: ['POST_SCALE_UP'], timeoutInMinutes: 30, action: 'CONTINUE' as const }],
  ],
])('is offered with its command when %s', (_, pauses) => {
  expect(secondLine({ count: 2, pauses, offer })).toEqual({
    check: null,
    gap: {
      code: 'second-line',
      severity: 'notice',
      message: expect.stringContaining('PAUSE hook'),
      evidence: expect.stringContaining(offer),
    },
  });
});

test('is not offered again where it is, and the guardrail says so', () => {
  const pause = {
    stages: ['POST_PRODUCTION_TRAFFIC_SHIFT'],
    timeoutInMinutes: 30,
    action: 'ROLLBACK' as const,
  };
  expect(secondLine({ count: 1, pauses: [pause], offer })).toEqual({
    check: {
      name: 'second-line',
      verdict: 'passed',
      reason: 'a PAUSE hook at POST_PRODUCTION_TRAFFIC_SHIFT rolls back by itself after 30 minutes',
    },
    gap: null,
  });
});

test('is not forced on a target that uses no hooks', () => {
  expect(secondLine(null)).toEqual({ check: null, gap: null });
  expect(secondLine({ count: 0, pauses: [], offer })).toEqual({ check: null, gap: null });
});
