import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parsePlan } from '../../lib/drill/plan/plan.ts';
import { planJsonSchema } from './json-schema.ts';

const shop = readFileSync(new URL('../../plans/shop-ecs.yaml', import.meta.url), 'utf8');

describe('plans/plan.schema.json', () => {
  test('is what the schema of plans generates (after a change: npx vitest run test/plans --update)', async () => {
    await expect(planJsonSchema()).toMatchFileSnapshot('../../plans/plan.schema.json');
  });

  test('has only patterns that editors can compile', () => {
    const patterns = [...planJsonSchema().matchAll(/"pattern": (".*")/g)].map((found) =>
      JSON.parse(found[1] ?? '""'),
    );
    expect(patterns.length).toBeGreaterThan(10);
    for (const pattern of patterns) expect(() => new RegExp(pattern, 'u')).not.toThrow();
  });

  test('refuses unknown keys in every mapping whose keys are known', () => {
    const open: unknown[] = [];
    JSON.parse(planJsonSchema(), (_, value) => {
      if (
        value?.type === 'object' &&
        Object.keys(value.properties ?? {}).length > 0 &&
        value.additionalProperties !== false
      )
        open.push(value);
      return value;
    });
    expect(open).toEqual([]);
  });
});

describe('plans/shop-ecs.yaml', () => {
  test('is a plan, without any environment', () => {
    expect(parsePlan(shop)).toMatchObject({
      kind: 'plan',
      plan: { name: 'shop-ecs', environment: 'sandbox' },
    });
  });

  test('drills the shop of the sandbox wherever SHOP_URL says', () => {
    const parsed = parsePlan(shop, { environment: { SHOP_URL: 'http://127.0.0.1:4711' } });
    expect(parsed).toMatchObject({
      plan: {
        smoke: { url: 'http://127.0.0.1:4711/checkout/check', intervalMs: 250 },
        validations: expect.arrayContaining([
          expect.objectContaining({
            name: 'buy-a-mug',
            steps: expect.arrayContaining([
              expect.objectContaining({ url: 'http://127.0.0.1:4711/catalogue' }),
            ]),
          }),
        ]),
      },
    });
  });

  test('tells editors where its schema is', () => {
    expect(shop.split('\n')[0]).toBe('# yaml-language-server: $schema=./plan.schema.json');
  });
});
