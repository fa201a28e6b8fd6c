import { expect, test } from 'vitest';
import { sessions } from '../../../sandbox/shop/sessions.ts';

const HOUR_MS = 3_600_000;
const token = sessions(() => 'secret').login('ada', 'lovelace') ?? '';

test.each([
  ['ada', 'wrong'],
  ['nobody', 'lovelace'],
  ['ada', undefined],
  [undefined, undefined],
  [['ada'], 'lovelace'],
])('gives no token to %j with the password %j', (user, password) => {
  expect(sessions(() => 'secret').login(user, password)).toBeUndefined();
});

test.each([
  undefined,
  '',
  'Bearer',
  'Bearer x',
  'Bearer x.y',
  `Basic ${token}`,
  `Bearer ${token}x`,
  `Bearer x${token}`,
])('accepts no authorization like %j', (authorization) => {
  expect(sessions(() => 'secret').userOf(authorization)).toBeUndefined();
});

test('accepts no token that another secret signed, and none that is an hour old', () => {
  expect(sessions(() => 'another').userOf(`Bearer ${token}`)).toBeUndefined();
  expect(
    sessions(
      () => 'secret',
      () => Date.now() + HOUR_MS,
    ).userOf(`Bearer ${token}`),
  ).toBeUndefined();
});

test('every task with the same secret accepts a token', () => {
  expect(sessions(() => 'secret').userOf(`Bearer ${token}`)).toBe('ada');
});
