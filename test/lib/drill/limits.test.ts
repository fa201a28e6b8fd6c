import { describe, expect, test } from 'vitest';
import {
  ACTING_TIMEOUT_MS,
  drillLimitMs,
  greensNeeded,
  LEASE_MS,
  RENEW_LEASE_EVERY_MS,
  timeLimits,
  WITNESS_SILENCE_MS,
} from '../../../lib/drill/limits.ts';
import { type Plan, parsePlan } from '../../../lib/drill/plan/plan.ts';
import { changed, EXAMPLE } from './plan/example.ts';

function planned(text = EXAMPLE): Plan {
  const parsed = parsePlan(text);
  if (parsed.kind !== 'plan') throw new Error(JSON.stringify(parsed.errors));
  return parsed.plan;
}

const PLAN = planned();

describe('a drill is not cut short', () => {
  test('while every path of the plan and the target’s own rollback are waited for', () => {
    const waits =
      PLAN.detectWithinMs +
      2 * (PLAN.restored.withinMs + ACTING_TIMEOUT_MS) +
      Math.max(...PLAN.validations.map(({ timeoutMs }) => timeoutMs)) +
      PLAN.stabiliseMs;
    expect(drillLimitMs(PLAN)).toBeGreaterThan(waits);
  });

  test('nor waits twice for a rollback of the target that the plan lists', () => {
    const listed = planned(changed(['paths: [', 'paths: [automatic, ']));
    expect(drillLimitMs(listed)).toBe(drillLimitMs(PLAN));
  });

  test('by its lease, which outlives several renewals that failed', () => {
    expect(LEASE_MS).toBeGreaterThan(5 * RENEW_LEASE_EVERY_MS + WITNESS_SILENCE_MS);
  });
});

test('no part of a second is lost: the state machine waits whole seconds', () => {
  expect(timeLimits({ ...PLAN, detectWithinMs: 120_001 }).detectWithinSeconds).toBe(121);
  expect(timeLimits(PLAN)).toMatchObject({
    detectWithinSeconds: PLAN.detectWithinMs / 1000,
    restoredWithinSeconds: PLAN.restored.withinMs / 1000,
    witnessSilenceSeconds: WITNESS_SILENCE_MS / 1000,
  });
  expect(timeLimits(PLAN).stabiliseSeconds).toBeGreaterThan(PLAN.stabiliseMs / 1000);
  expect(timeLimits(PLAN).checkGuardrailsSeconds).toBeGreaterThan(PLAN.steadyState.forMs / 1000);
});

test.each([5_000, 12_000, 3_600_000])(
  'a silent witness is noticed before a wait of %i ms is over',
  (waitMs) => {
    const { restored } = PLAN;
    for (const plan of [
      { ...PLAN, detectWithinMs: waitMs },
      { ...PLAN, restored: { ...restored, withinMs: waitMs } },
    ])
      expect(timeLimits(plan).witnessSilenceSeconds).toBeLessThan(waitMs / 1000);
  },
);

describe('the greens that confirm a restoration', () => {
  test.each([
    ['three for each task', 4, undefined, 12],
    ['three when no task is known', 0, undefined, 3],
    ['as many as the plan asks for', 2, 20, 20],
    ['never fewer than three for each task, though the plan asks for fewer', 4, 5, 12],
  ])('are %s', (_, tasks, greens, needed) => {
    const { withinMs } = PLAN.restored;
    const plan = { ...PLAN, restored: greens === undefined ? { withinMs } : { withinMs, greens } };
    expect(greensNeeded(plan, tasks)).toBe(needed);
  });
});
