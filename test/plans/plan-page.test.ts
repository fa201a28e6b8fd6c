import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parsePlan } from '../../lib/drill/plan/plan.ts';
import { planJsonSchema } from './json-schema.ts';

const page = readFileSync(new URL('../../docs/plan.md', import.meta.url), 'utf8');
const [least = '', whole = '', ...more] = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(
  ([, yaml]) => yaml,
);
const REQUIRED = 'what every plan has';

describe('docs/plan.md', () => {
  test.each([
    [REQUIRED, least],
    ['what a plan may have besides', whole],
  ])('shows plans that are right: %s', (_, yaml) => {
    expect(parsePlan(yaml, { environment: {} })).toMatchObject({ kind: 'plan' });
  });

  test('leaves nothing out of what every plan has, and asks for nothing more', () => {
    for (const key of Object.keys(parse(least))) {
      const without = least.replace(new RegExp(`^${key}:.*\n(?:[ ]+.*\n)*`, 'm'), '');
      expect(parsePlan(without, { environment: {} }).kind, key).toBe('invalid');
    }
  });

  test('names every key of a plan, and every guardrail', () => {
    expect(more).toEqual([]);
    const named = Object.keys(parse(whole));
    const { properties } = JSON.parse(planJsonSchema());
    const known = Object.keys(properties);
    // It has a page of its own.
    expect(known.filter((key) => !named.includes(key))).toEqual(['migration']);
    // Only for images outside Amazon ECR.
    const guardrails = Object.keys(parse(whole).guardrails);
    const others = Object.keys(properties.guardrails.properties).filter((key) => !guardrails.includes(key));
    expect(others).toEqual(['trustedRegistries']);
  });
});
