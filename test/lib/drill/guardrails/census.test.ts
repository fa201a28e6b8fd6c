import { expect, test } from 'vitest';
import { censusComplete } from '../../../../lib/drill/guardrails/census.ts';
import type { Plan } from '../../../../lib/drill/plan/plan.ts';
import { planWith } from '../../../fixtures/plan.ts';

const STEP = "{ name: look, url: 'https://shop.example/items' }";

function writing(endpoints: readonly string[], steps: string): Plan {
  const sideEffects = endpoints.map((endpoint) => ({ endpoint, effect: 'x', compensation: 'y' }));
  return planWith(
    [`steps: [${STEP}]`, `steps: [${steps}]`],
    ['stabilise: 60s', `stabilise: 60s\nsideEffects: ${JSON.stringify(sideEffects)}`],
  );
}

test('a writing request that is not in the census refuses, and is named', () => {
  const steps = `{ name: a, method: POST, url: 'https://shop.example/login' }, { name: b, method: POST, url: 'https://shop.example/checkout?now=1' }, { name: c, method: DELETE, url: 'https://shop.example/cart/1' }`;
  expect(censusComplete(writing(['POST /checkout', 'DELETE /cart/1'], steps))).toEqual({
    name: 'side-effect-census',
    verdict: 'refused',
    reason: '2 of 3 writing requests are in the census; missing: POST /login. Add them to sideEffects',
  });
});

test('the census of another method or path does not count', () => {
  const steps = `{ name: a, method: PUT, url: 'https://shop.example/cart' }`;
  expect(censusComplete(writing(['POST /cart', 'PUT /carts'], steps)).verdict).toBe('refused');
});

test('a smoke probe that writes is asked for as well', () => {
  const plan = planWith([
    'url: https://shop.example/check',
    'url: https://shop.example/check\n  method: POST',
  ]);
  expect(censusComplete(plan).reason).toContain('missing: POST /check');
});

test('captured values stand in the census as they are written in the plan', () => {
  const steps = `{ name: a, url: 'https://shop.example/items', capture: { id: { json: $.id } } }, { name: b, method: PATCH, url: 'https://shop.example/items/{{id}}' }, { name: c, method: POST, url: 'https://shop.example' }`;
  expect(censusComplete(writing(['patch  /items/{{id}}', 'POST /'], steps))).toMatchObject({
    verdict: 'passed',
    reason: '2 of 2 writing requests are in the census',
  });
});

test('a plan that only reads needs no census', () =>
  expect(censusComplete(planWith()).verdict).toBe('passed'));
