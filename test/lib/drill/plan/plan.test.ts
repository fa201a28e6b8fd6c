import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestOf } from '../../../../lib/drill/digest.ts';
import { type Plan, parsePlan } from '../../../../lib/drill/plan/plan.ts';
import { changed, EXAMPLE } from './example.ts';

const shop = readFileSync(new URL('../../../../plans/shop-ecs.yaml', import.meta.url), 'utf8');

function planOf(text: string): Plan {
  const parsed = parsePlan(text);
  if (parsed.kind === 'plan') return parsed.plan;
  throw new Error(parsed.errors.map(({ place, message }) => `${place}: ${message}`).join('\n'));
}

describe('parsePlan never throws', () => {
  test('whatever the text is', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), isJudged), { numRuns: 300 });
  });

  test('whatever stands in place of a line of a plan', () => {
    const lines = shop.split('\n');
    const noise = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '',
        '- ',
        '? x',
        '*a',
        '&a b',
        '{',
        '[',
        '|',
        `$\{`,
        `$\{A}`,
        '{{a}}',
        ': ',
        '!!set {a}',
        '\t',
        '...',
        '%TAG ! a:',
      ),
    );
    const mutation = fc.record({
      at: fc.nat(lines.length - 1),
      column: fc.nat(40),
      removed: fc.nat(3),
      noise,
    });
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        const mutated = [...lines];
        for (const { at, column, removed, noise } of mutations) {
          mutated.splice(at, removed, `${(mutated[at] ?? '').slice(0, column)}${noise}`);
        }
        return isJudged(mutated.join('\n'));
      }),
      { numRuns: 400 },
    );
  });

  test('whatever values the keys of a plan have', () => {
    const keys = Object.keys(planOf(shop)).concat(
      'target',
      'steadyState',
      'detectWithin',
      'stabilise',
      'schedule',
    );
    const anything = fc.dictionary(fc.constantFrom(...keys), fc.jsonValue());
    fc.assert(
      fc.property(anything, (value) => isJudged(JSON.stringify(value))),
      { numRuns: 300 },
    );
  });

  test('and gives up quickly on what is nested without end', () => {
    for (const part of ['[', '{a: ', '- ', '? ', ': ', '&a ', '*a ']) {
      expect(parsePlan(part.repeat(5_000)).kind).toBe('invalid');
    }
  });

  function isJudged(text: string): boolean {
    const parsed = parsePlan(text);
    if (parsed.kind === 'plan') return true;
    const told = parsed.errors.map(({ place, message }) => `${place}: ${message}`);
    return (
      told.length > 0 &&
      new Set(told).size === told.length &&
      parsed.errors.every(({ place }) => /^.+ \(line [1-9]\d*\)$|^plan$/.test(place))
    );
  }
});

describe('a plan', () => {
  test('has its defaults', () => {
    const plan = planOf(EXAMPLE);
    expect(plan).toMatchObject({
      classification: 'code',
      smoke: { method: 'GET', headers: {}, expect: { status: [200] }, intervalMs: 1_000, timeoutMs: 2_000 },
      steadyState: { forMs: 10_000, minimumSamples: 5, maximumFailingShare: 0 },
      validations: [
        { required: true, timeoutMs: 30_000, steps: [{}, { capture: {}, expect: { status: [200] } }] },
      ],
      stabiliseMs: 900_000,
      sideEffects: [],
      notifications: {},
    });
    expect(plan.restored).toEqual({ withinMs: 300_000 });
    expect('schedule' in plan || 'body' in plan.smoke || 'greens' in plan.restored).toBe(false);
  });

  test('tells the alternatives apart by their kind', () => {
    const releases = `broken: { taskDefinition: 'web:17' }
    other: { container: web, environment: { MODE: 'bad' }, command: [node, crash.js], release: v2-bad }`;
    const plan = planOf(changed(["broken: { image: 'registry/web:broken' }", releases]));
    expect(plan.target).toEqual({ kind: 'ecs', cluster: 'main', service: 'web' });
    expect(plan.knownBad).toEqual({
      default: 'broken',
      releases: {
        broken: { kind: 'task-definition', release: 'broken', taskDefinition: 'web:17' },
        other: {
          kind: 'override',
          release: 'v2-bad',
          container: 'web',
          environment: { MODE: 'bad' },
          command: ['node', 'crash.js'],
        },
      },
    });
  });

  test('sends a mapping as JSON and says so, and a text as it is', () => {
    const asMapping = planOf(
      changed(['x-release }', 'x-release }\n  method: POST\n  body: { a: [1, null] }']),
    );
    expect(asMapping.smoke).toMatchObject({
      body: '{"a":[1,null]}',
      headers: { 'content-type': 'application/json' },
    });
    const typed = planOf(
      changed([
        'x-release }',
        'x-release }\n  method: POST\n  headers: { Content-Type: application/ld+json }\n  body: {}',
      ]),
    );
    expect(typed.smoke.headers).toEqual({ 'content-type': 'application/ld+json' });
    const asText = planOf(changed(['x-release }', 'x-release }\n  method: POST\n  body: a=1']));
    expect(asText.smoke).toMatchObject({ body: 'a=1', headers: {} });
  });

  test.each([
    ['1%', 0.01],
    ['0.5 %', 0.005],
    ['0%', 0],
    ['0.25', 0.25],
    ['50%', 0.5],
  ])('reads the share %s as %d', (written, share) => {
    expect(
      planOf(changed(['for: 10s', `for: 10s\n  maximumFailingShare: ${written}`])).steadyState
        .maximumFailingShare,
    ).toBe(share);
  });

  test('keeps what a step expects and captures', () => {
    const plan = planOf(
      changed([
        'name: order\n',
        `name: order
        expect: { status: [200, 201], bodyContains: ok, json: { '$.items[0].sku': mug, $.gone: null }, within: 500ms }
        capture: { id: { header: location }, session: { cookie: sid } }
`,
      ]),
    );
    expect(plan.validations[0]).toMatchObject({
      steps: [
        {},
        {
          expect: {
            status: [200, 201],
            bodyContains: 'ok',
            json: { '$.items[0].sku': 'mug', '$.gone': null },
            withinMs: 500,
          },
          capture: { id: { header: 'location' }, session: { cookie: 'sid' } },
        },
      ],
    });
  });

  test('has the same digest however its file is laid out', () => {
    const reordered = changed(['name: example\n', '']).concat('"name": "example" # moved\n');
    expect(digestOf(planOf(reordered))).toBe(digestOf(planOf(EXAMPLE)));
  });

  test('survives JSON, as it travels through stores', () => {
    const plan = planOf(shop);
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });

  test('is parsed in a few milliseconds', () => {
    const times = Array.from({ length: 15 }, () => {
      const before = performance.now();
      parsePlan(shop);
      return performance.now() - before;
    });
    expect(Math.min(...times)).toBeLessThan(20);
  });
});
