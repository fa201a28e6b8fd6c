import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ConfigurationFacts,
  configuration,
  type Setting,
} from '../../../../lib/drill/validations/configuration.ts';
import { type Definition, definitionChanges } from '../../../../lib/drill/validations/definition.ts';

function setting(part: Setting['part'], name: string, value: string, isShown = true): Setting {
  return { part, name, value, isShown };
}

const COUNT = setting('desired-count', 'desired count', '3');
const HOOK = setting('deployment-configuration', 'deployment hook', 'sha256:ab', false);
const SECRET = setting('secrets', 'secret shop/mail-key', 'v1');
const BEFORE = [COUNT, HOOK, SECRET];
const SAME: ConfigurationFacts = { before: BEFORE, now: BEFORE, definitions: null, except: [] };

function definition(changes: Partial<Definition[string]> = {}): Definition {
  const plain = { image: 'shop:v4', environment: { LEVEL: 'info' }, secrets: { KEY: 'arn:1' }, others: '{}' };
  return { shop: { ...plain, ...changes } };
}

describe('a task definition that a pipeline has registered anew', () => {
  const numbered = (revision: string) => setting('task-definition', 'task definition', revision);
  const facts = (isCopy: boolean): ConfigurationFacts => ({
    ...SAME,
    before: [...BEFORE, numbered('shop:4')],
    now: [...BEFORE, numbered('shop:6')],
    definitions: { before: definition(), now: definition(), isCopy },
  });

  test('is not as before when anything but its number differs', () => {
    expect(configuration(facts(false))).toMatchObject({
      verdict: 'failed',
      reason: 'task definition shop:4 before, shop:6 now',
    });
  });

  test('is as before when it is a copy', () => {
    const judgement = configuration(facts(true));
    expect(judgement).toMatchObject({ verdict: 'passed', reason: '4 of 4 settings are as before' });
    expect(judgement.gaps).toBeUndefined();
  });
});

describe('not as before', () => {
  test.each<[what: string, changes: Partial<ConfigurationFacts>, reason: string]>([
    [
      'another count',
      { now: [setting('desired-count', 'desired count', '2'), HOOK, SECRET] },
      'desired count 3 before, 2 now',
    ],
    [
      'a secret that was moved',
      { now: [COUNT, HOOK, setting('secrets', 'secret shop/mail-key', 'v2')] },
      'secret shop/mail-key v1 before, v2 now',
    ],
    [
      'what is not shown',
      { now: [COUNT, { ...HOOK, value: 'sha256:cd' }, SECRET] },
      'deployment hook was changed',
    ],
    ['what is gone', { now: [COUNT, HOOK] }, 'secret shop/mail-key v1 before, gone now'],
    ['what is gone and not shown', { now: [COUNT, SECRET] }, 'deployment hook before, gone now'],
    ['what was added', { before: [HOOK, SECRET] }, 'desired count was not there before, 3 now'],
    [
      'what the task definition says',
      { definitions: { before: definition(), now: definition({ environment: { LEVEL: 'debug' } }) } },
      'LEVEL in the environment of container shop was changed',
    ],
    [
      'a task definition that is not there any more',
      { definitions: { before: null, now: definition() } },
      'one of the task definitions cannot be described any more',
    ],
    [
      'one thing, although another cannot be read',
      { now: [{ ...COUNT, value: '2' }, HOOK, { part: 'secrets', name: SECRET.name, why: 'AccessDenied' }] },
      'desired count 3 before, 2 now; secret shop/mail-key cannot be read: AccessDenied',
    ],
  ])('%s', (_, changes, reason) => {
    expect(configuration({ ...SAME, ...changes })).toMatchObject({ verdict: 'failed', reason });
  });
});

test.each<[what: string, changes: Partial<ConfigurationFacts>, reason: string]>([
  ['it was not measured before', { before: null }, 'the configuration was not measured before the drill'],
  [
    'something cannot be read now',
    { now: [COUNT, HOOK, { part: 'secrets', name: SECRET.name, why: 'AccessDenied' }] },
    'secret shop/mail-key cannot be read: AccessDenied',
  ],
  ['nothing is set', { before: [], now: [] }, 'nothing was measured'],
])('not known to be as before when %s', (_, changes, reason) => {
  expect(configuration({ ...SAME, ...changes })).toMatchObject({ verdict: 'unknown', reason });
});

test('each difference is a gap of its own kind', () => {
  const now = [
    setting('desired-count', 'desired count', '2'),
    HOOK,
    setting('secrets', 'secret shop/mail-key', 'v2'),
  ];
  const definitions = { before: definition(), now: definition({ image: 'shop:v5' }) };
  const { gaps = [] } = configuration({ ...SAME, now, definitions });
  expect(gaps.map(({ code, severity }) => [code, severity])).toEqual([
    ['configuration-drift', 'warning'],
    ['secret-moved', 'warning'],
    ['task-definition-drift', 'warning'],
  ]);
  expect(configuration(SAME).gaps).toBeUndefined();
});

test('as before when everything is, or may differ', () => {
  const scaled = { now: [{ ...COUNT, value: '9' }, HOOK, SECRET], except: ['desired-count'] as const };
  expect(configuration(SAME)).toMatchObject({ verdict: 'passed', reason: '3 of 3 settings are as before' });
  expect(configuration({ ...SAME, ...scaled })).toEqual({
    verdict: 'passed',
    reason: '2 of 2 settings are as before',
    evidence: [
      '2 of 2 settings are as before',
      'deployment hook: a value that is not shown',
      'secret shop/mail-key: v1',
      'desired-count may differ',
    ],
  });
});

test.each<[changes: Partial<Definition[string]>, told: string]>([
  [{ image: 'shop:v5' }, 'image of container shop was changed'],
  [{ environment: {} }, 'LEVEL in the environment of container shop was removed'],
  [
    { environment: { LEVEL: 'info', toString: '' } },
    'toString in the environment of container shop was added',
  ],
  [{ secrets: { KEY: 'arn:2' } }, 'KEY in the secrets of container shop was changed'],
  [{ others: '{"cpu":1}' }, 'other settings of container shop were changed'],
])('a task definition with %j: %s', (changes, told) => {
  expect(definitionChanges(definition(), definition(changes))).toEqual([told]);
});

test('no value of a task definition is ever told', () => {
  const hidden = fc
    .string({ minLength: 12 })
    .filter((text) => !'LEVEL in the environment of KEY'.includes(text));
  fc.assert(
    fc.property(hidden, hidden, (was, is) => {
      const [before, now] = [was, is].map((value) =>
        definition({ environment: { A: value }, secrets: { B: value }, others: value, image: value }),
      );
      const told = definitionChanges(before ?? {}, now ?? {}).join();
      expect(told.includes(was) || told.includes(is)).toBe(false);
    }),
  );
});
