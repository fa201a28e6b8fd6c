import { describe, expect, test } from 'vitest';
import { changed, EXAMPLE, errorsOf } from './example.ts';

describe('what is no plan at all', () => {
  const KEYS =
    'must be a mapping with the keys apiVersion, name, owner, tier, classification, migration, environment, target, knownBad, smoke, steadyState, triggers, detectWithin, rollback, restored, databases, validations, stabilise, guardrails, stopConditions, sideEffects, notifications, schedule, recommendedAlarms';

  test.each([
    ['nothing', '', `plan (line 1): ${KEYS}; received nothing.`],
    ['only a comment', '# a plan, one day\n', `plan (line 1): ${KEYS}; received nothing.`],
    ['a word', 'plan', `plan (line 1): ${KEYS}; received "plan".`],
    ['a list', '- plan', `plan (line 1): ${KEYS}; received a list of 1.`],
    [
      'a text that does not end',
      'name: "shop',
      'plan (line 1): is not valid YAML here: Missing closing "quote.',
    ],
    [
      'two documents',
      `${EXAMPLE}---\nname: other\n`,
      'plan (line 37): has a second document here. Write each plan in a file of its own.',
    ],
    ['an unknown tag', 'name: !secret x', 'plan (line 1): is not valid YAML here: Unresolved tag: !secret.'],
    [
      'a placeholder without quotes',
      'a:\n  b: {{token}}',
      'plan (line 2): has a key that is no plain text here. Put quotes around a value like "{{name}}".',
    ],
  ])('is refused: %s', (_, text, error) => expect(errorsOf(text)).toEqual([error]));

  test('is refused with every error of its syntax', () => {
    expect(errorsOf('a: [1\nb: }\n').length).toBeGreaterThan(1);
  });

  test('is refused when it is larger than 256 KB, counted in bytes', () => {
    const comment = `# ${'é'.repeat(131_000)}\n`;
    expect(errorsOf(`${comment}${EXAMPLE}`)).toEqual([
      'plan (line 1): must be at most 256 KB of YAML; received 257 KB. Split it into several plans.',
    ]);
    expect(errorsOf(`# ${'e'.repeat(131_000)}\n${EXAMPLE}`)).toEqual([]);
  });
});

describe('keys', () => {
  test('are refused when they stand twice, wherever that is', () => {
    expect(
      errorsOf(changed(['owner: platform team', 'owner: a\nowner: b'], ['for: 10s', 'for: 10s\n  for: 10s'])),
    ).toEqual([
      'owner (line 4): is given twice; the first is on line 3. Keep one of them.',
      'steadyState.for (line 18): is given twice; the first is on line 17. Keep one of them.',
    ]);
  });

  test.each(['__proto__', 'constructor', 'prototype'])(
    'are refused when JavaScript has a meaning for them: %s',
    (key) => {
      const place = 'smoke.headers (line 15)';
      expect(errorsOf(changed(['x-release }', `x-release }\n  headers: { ${key}: x }`]))).toEqual([
        `${place}: must not have the key "${key}". Choose another name.`,
      ]);
      expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
    },
  );

  test('do not merge: << is a key like any other', () => {
    expect(errorsOf(changed(['for: 10s', '<<: { for: 10s }']))).toEqual([
      'steadyState.for (line 15): is missing. Give how long the healthy service is watched first, like 10s.',
      'steadyState["<<"] (line 16): is no known key; received "<<", allowed are for, minimumSamples, maximumFailingShare. Remove it.',
    ]);
  });
});

describe('aliases', () => {
  test('are refused when they grow without end', () => {
    const rows = 'bcdefghij'
      .split('')
      .map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghij'[index]}`).join(',')}]`);
    expect(errorsOf(`a: &a [x,x,x,x,x,x,x,x,x,x]\n${rows.join('\n')}\n`)).toEqual([
      expect.stringMatching(
        /^plan \(line 1\): grows too large at e\[0\].*: at most 20000 values, 40 levels and 256 KB of text/,
      ),
    ]);
  });

  test('are refused when they contain themselves', () => {
    expect(errorsOf('a: &a\n  b: *a\n')).toEqual([
      expect.stringMatching(/^plan \(line 1\): grows too large at a\.b\.b/),
    ]);
  });

  test('are refused when nothing above is marked', () => {
    expect(errorsOf(changed(['platform team', '*team']))).toEqual([
      'owner (line 3): refers to *team, but nothing above is marked &team.',
    ]);
  });

  test('stand for what they mark', () => {
    expect(
      errorsOf(changed(['platform team', '&word staging'], ['environment: staging', 'environment: *word'])),
    ).toEqual([]);
  });
});

describe('references to the environment', () => {
  const url = 'url: https://web.example/check';
  const reference = (inner: string) => `$\{${inner}}`;

  test('are refused where the variable is not set, at that place and only there', () => {
    expect(
      errorsOf(
        changed([url, `url: ${reference('SHOP')}/check`], ['budget: 5m', `budget: ${reference('BUDGET')}`]),
      ),
    ).toEqual([
      `smoke.url (line 13): needs the environment variable SHOP, which is not set. Set it, or give a default: ${reference('SHOP:-default')}.`,
      `triggers[0].budget (line 22): needs the environment variable BUDGET, which is not set. Set it, or give a default: ${reference('BUDGET:-default')}.`,
    ]);
  });

  test('are refused once where one of several forms was possible', () => {
    expect(
      errorsOf(
        changed(['x-release }', `x-release }\n  expect: { status: [200, "${reference('STATUS')}"] }`]),
      ),
    ).toEqual([
      expect.stringMatching(/^smoke\.expect\.status\[1\] \(line 15\): needs the environment variable STATUS/),
    ]);
  });

  test('are judged by what they stand for', () => {
    const text = changed([url, `url: ${reference('SHOP')}/check`]);
    expect(errorsOf(text, { SHOP: 'https://other.example' })).toEqual([]);
    expect(errorsOf(text, { SHOP: 'gopher://old' })).toEqual([
      'smoke.url (line 13): must be an absolute http or https URL; received "gopher://old/check".',
    ]);
  });

  test('cannot bring in YAML', () => {
    const text = changed(['name: example', `name: ${reference('NAME')}`]);
    expect(errorsOf(text, { NAME: 'a\nowner: b' })).toEqual([
      expect.stringMatching(/^name \(line 2\): must be a name of/),
    ]);
  });

  test('cannot make the plan larger than a plan may be', () => {
    const text = changed(['platform team', reference('OWNER').repeat(20)]);
    expect(errorsOf(text, { OWNER: 'x'.repeat(20_000) })).toEqual([
      expect.stringMatching(/^plan \(line 1\): grows too large at owner/),
    ]);
  });
});

test('refuses numbers that no JSON could carry', () => {
  expect(
    errorsOf(changed(['x-release }', 'x-release }\n  method: POST\n  body: { a: .nan, b: [.inf] }'])),
  ).toEqual([
    'smoke.body.a (line 16): must be a finite number; received NaN.',
    'smoke.body.b[0] (line 16): must be a finite number; received Infinity.',
  ]);
});

test('tells at most a hundred errors, and how many are left', () => {
  const errors = errorsOf(
    changed(['validations:\n', `sideEffects:\n${'  - {}\n'.repeat(50)}validations:\n`]),
  );
  expect(errors).toHaveLength(101);
  expect(errors.at(-1)).toBe('plan: has 50 more errors. Correct these first.');
});

test('tells the errors in the order of the lines', () => {
  const errors = errorsOf(
    changed(
      ['within: 5m', 'within: 0s'],
      ['tier: critical', 'tier: high'],
      ['default: broken', 'default: other'],
    ),
  );
  expect(errors.map((error) => error.split(' (')[0])).toEqual([
    'tier',
    'knownBad.default',
    'restored.within',
  ]);
});
