import { expect, test } from 'vitest';
import { KINDS } from '../../sandbox/faults/kinds.ts';
import { parseRule } from '../../sandbox/faults/rule.ts';
import { casesFrom, nameOf, type Recording } from './real-case.ts';

const RECORDING: Recording = {
  calls: { 'ecs.UpdateService': 2, 'dynamodb.Query': 70, 's3.PutObject': 5, 'sns.Publish': 1 },
  states: ['LoadPlan', 'RollBack', 'AwaitRestored', 'RollBack', 'AwaitRestored'],
};

const cases = casesFrom(RECORDING, 39);
const calls = cases.flatMap((each) => (each.kind === 'call' ? [each] : []));

test('no case is made twice', () => {
  expect(new Set(cases.map((each) => JSON.stringify(nameOf(each)))).size).toBe(39);
});

test('every state is stopped once', () => {
  const stopped = cases.flatMap((each) => (each.kind === 'stopped' ? [each.state] : []));
  expect(stopped).toEqual(['LoadPlan', 'RollBack', 'AwaitRestored']);
});

test('every operation and every kind of fault has its share, and no call is meant that was not made', () => {
  const shares = Object.keys(RECORDING.calls).map(
    (operation) => calls.filter((each) => each.operation === operation).length,
  );
  expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
  expect(new Set(calls.map(({ fault }) => fault)).size).toBe(Object.keys(KINDS).length - 1);
  for (const { operation, nth } of calls) expect(nth).toBeLessThanOrEqual(RECORDING.calls[operation] ?? 0);
});

test('the sandbox understands every fault', () => {
  for (const { operation, nth, fault } of calls)
    expect(parseRule(`${operation}#${nth}:${fault}`).first).toBe(nth);
});
