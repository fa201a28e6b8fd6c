import { describe, expect, test } from 'vitest';
import {
  describeSafetySwitch,
  formatSafetySwitch,
  parseSafetySwitch,
  type SafetySwitchState,
  stopsDrills,
} from '../../../lib/drill/safety-switch.ts';

test.each<[value: string, state: SafetySwitchState]>([
  ['off', { kind: 'off' }],
  [' OFF\n', { kind: 'off' }],
  ['on', { kind: 'on', reason: 'no reason given' }],
  ['On:  incident 4711 ', { kind: 'on', reason: 'incident 4711' }],
  ['on: a\nb', { kind: 'on', reason: 'a\nb' }],
  ['onward', { kind: 'unknown', value: 'onward' }],
  ['', { kind: 'unknown', value: '' }],
  ['offline', { kind: 'unknown', value: 'offline' }],
])('%j is read as %j', (value, state) => expect(parseSafetySwitch(value)).toEqual(state));

describe('a running drill', () => {
  test.each([{ kind: 'on', reason: 'x' } as const, { kind: 'unknown', value: 'stop!' } as const])(
    'stops at %j',
    (state) => expect(stopsDrills(state)).toBe(true),
  );

  test.each([{ kind: 'off' } as const, { kind: 'missing' } as const])('goes on at %j', (state) =>
    expect(stopsDrills(state)).toBe(false),
  );
});

test('what is written is read again', () => {
  expect(parseSafetySwitch(formatSafetySwitch({ kind: 'on', reason: 'a\n b' }))).toEqual({
    kind: 'on',
    reason: 'a b',
  });
  expect(parseSafetySwitch(formatSafetySwitch({ kind: 'off' }))).toEqual({ kind: 'off' });
});

test('every state has words for people', () => {
  const states = [
    parseSafetySwitch('off'),
    parseSafetySwitch('on: x'),
    parseSafetySwitch('?'),
    { kind: 'missing' } as const,
  ];
  expect(states.map(describeSafetySwitch)).toEqual([
    'off',
    'on: x',
    '"?", which is neither off nor on',
    'not there',
  ]);
});
