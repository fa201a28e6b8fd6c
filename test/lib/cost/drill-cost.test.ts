import { describe, expect, test } from 'vitest';
import { drillCost, type Recording, USUAL } from '../../../lib/cost/drill-cost.ts';
import { usdOf } from '../../../lib/cost/usage.ts';
import { FUNCTIONS } from '../../../lib/infra/functions.ts';

const NOTHING = { functions: {}, once: {}, witness: { active: {}, quiet: {} } };
const RECORDING: Recording = {
  recordedOn: '2026-11-21',
  plan: 'shop-ecs',
  probeIntervalMs: 1_000,
  seconds: { active: 30, quiet: 60 },
  ...NOTHING,
};

describe('what a drill costs', () => {
  test('is never counted for functions that do not exist any more', () => {
    const functions = { Forgotten: { invocations: 1, billedMs: 1 } };
    expect(() => drillCost({ ...RECORDING, functions }, USUAL)).toThrow('Forgotten');
  });

  test('grows with its length only by what the witness does', () => {
    const once = { transitions: 40, writeUnits: 100 };
    const witness = { active: { readUnits: 300 }, quiet: { readUnits: 60 } };
    const recording = { ...RECORDING, once, witness };
    const [usual, longer] = [
      drillCost(recording, USUAL),
      drillCost(recording, { ...USUAL, quietSeconds: 1_800 }),
    ];
    expect(longer.rest).toEqual(usual.rest);
    expect(usual.witness.readUnits).toBe(300 * 10 + 900);
    expect(longer.witness.readUnits).toBe(300 * 10 + 1_800);
  });

  test('holds the memory of the witness for every second, whatever it does in it', () => {
    const { witness } = drillCost(RECORDING, { activeSeconds: 24, quietSeconds: 1_000 });
    expect(witness.gigabyteSeconds).toBe(FUNCTIONS.Witness.memoryMb);
    expect(witness.transitions).toBe(2 * 2 + 1);
  });

  test('counts what a function was billed with the memory that it has', () => {
    const functions = { LoadPlan: { invocations: 2, billedMs: 4_000 } };
    const { rest } = drillCost({ ...RECORDING, functions }, USUAL);
    expect(rest).toEqual({ invocations: 2, gigabyteSeconds: (4 * FUNCTIONS.LoadPlan.memoryMb) / 1_024 });
  });

  test('is the price of each thing, and nothing for what was not used', () => {
    expect(usdOf({ transitions: 1_000, readUnits: 1_000_000, writeUnits: 1_000_000 })).toBeCloseTo(0.775, 6);
    expect(usdOf({})).toBe(0);
  });
});
