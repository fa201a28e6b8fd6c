import { describe, expect, test } from 'vitest';
import { type EndpointSeen, judgeEndpoints } from '../../../../lib/drill/validations/endpoint-health.ts';
import { failed, unknown } from '../../../../lib/drill/validations/trouble.ts';

const healthy = (name: string): EndpointSeen => ({
  name,
  told: ['200 in 4 ms', '200 in 5 ms'],
  trouble: null,
});
const ill = (name: string): EndpointSeen => ({
  name,
  told: ['200 in 4 ms', '503 in 2 ms'],
  trouble: failed('status 503, allowed 200'),
});

describe('endpoints', () => {
  test('one that was healthy only once fails, with the number of the attempt', () =>
    expect(judgeEndpoints([healthy('front'), ill('orders')], 2)).toEqual({
      verdict: 'failed',
      reason: '1 of 2 endpoints healthy 2 times running; orders: status 503, allowed 200 (attempt 2 of 2)',
      evidence: ['front: 200 in 4 ms, 200 in 5 ms', 'orders: 200 in 4 ms, 503 in 2 ms'],
    }));

  test('one that was not asked is no proof', () => {
    const idle = { name: 'idle', told: [], trouble: unknown('not asked, as all of the 1000 ms were over') };
    expect(judgeEndpoints([healthy('front'), idle], 2)).toEqual({
      verdict: 'unknown',
      reason: '1 of 2 endpoints healthy 2 times running; idle: not asked, as all of the 1000 ms were over',
      evidence: ['front: 200 in 4 ms, 200 in 5 ms', 'idle: not asked'],
    });
    expect(judgeEndpoints([idle, ill('orders')], 2).verdict).toBe('failed');
  });

  test('one that was asked too seldom is no proof, and neither is none at all', () => {
    expect(judgeEndpoints([{ ...healthy('front'), told: ['200 in 4 ms'] }], 2).verdict).toBe('unknown');
    expect(judgeEndpoints([], 2).verdict).toBe('unknown');
  });

  test('only the first five are named', () => {
    const { reason } = judgeEndpoints(
      Array.from({ length: 8 }, (_, index) => ill(`e${index}`)),
      2,
    );
    expect(reason).toContain('e4: status 503');
    expect(reason).not.toContain('e5');
    expect(reason).toMatch(/; and 3 more$/);
  });

  test('all of them healthy pass', () =>
    expect(judgeEndpoints([healthy('front')], 2)).toMatchObject({
      verdict: 'passed',
      reason: '1 of 1 endpoints healthy 2 times running',
    }));
});
