import { expect, test } from 'vitest';
import { drillIdAt } from '../../../lib/drill/drill-id.ts';

const NINE = Date.parse('2026-11-24T09:00:00Z');
const LONG = 'checkout-and-payment-in-the-first-region-of-europe';

test('no two plans share the id of a drill at the same time, however alike their names begin', () => {
  const ids = [LONG, `${LONG}-2`, `${LONG}-3`].map((name) => drillIdAt(name, NINE));
  expect(new Set(ids).size).toBe(3);
});

test('no id is longer than the name of an execution may be', () => {
  expect(drillIdAt('p'.repeat(64), NINE).length).toBeLessThanOrEqual(80);
  expect(drillIdAt('p'.repeat(64), 'f'.repeat(20)).length).toBeLessThanOrEqual(80);
});

test('is the same for the same plan and time, and can be read', () => {
  expect(drillIdAt('shop', NINE)).toBe('shop-20261124T090000000Z');
  expect(drillIdAt(LONG, NINE)).toBe(drillIdAt(LONG, NINE));
});
