import { expect, test } from 'vitest';
import { memoryMbOf } from '../../lib/infra/probe-memory.ts';
import { planWith } from '../fixtures/plan.ts';

const DAY_MS = 24 * 3_600_000;

test('who holds all probes has little memory, but for drills with more of them than fit', () => {
  const plan = planWith();
  const long = { ...plan, stabiliseMs: DAY_MS, smoke: { ...plan.smoke, intervalMs: 1_000 } };
  const dense = { ...long, smoke: { ...plan.smoke, intervalMs: 100 } };
  expect([[], [plan, long], [plan, dense]].map((plans) => memoryMbOf('Witness', plans))).toEqual([
    256, 256, 512,
  ]);
  expect(
    [
      [plan, long],
      [plan, dense],
    ].map((plans) => memoryMbOf('SealReceipt', plans)),
  ).toEqual([512, 1_536]);
  expect(memoryMbOf('LoadPlan', [dense])).toBe(512);
});
