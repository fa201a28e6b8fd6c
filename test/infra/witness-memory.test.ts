import { expect, test } from 'vitest';
import { witnessMemoryMb } from '../../lib/infra/witness-memory.ts';
import { planWith } from '../fixtures/plan.ts';

const DAY_MS = 24 * 3_600_000;

test('the witness has little memory, but for drills with more probes than that can hold', () => {
  const plan = planWith();
  const long = { ...plan, stabiliseMs: DAY_MS, smoke: { ...plan.smoke, intervalMs: 1_000 } };
  const dense = { ...long, smoke: { ...plan.smoke, intervalMs: 100 } };
  expect(witnessMemoryMb([])).toBe(256);
  expect(witnessMemoryMb([plan, long])).toBe(256);
  expect(witnessMemoryMb([plan, dense])).toBe(512);
});
