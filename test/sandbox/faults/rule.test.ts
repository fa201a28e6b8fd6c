import { expect, test } from 'vitest';
import { parseRule } from '../../../sandbox/faults/rule.ts';

test.each([
  ['', /has the form SERVICE\.OPERATION/],
  ['events-lost', /is no fault/],
  ['ec2.RunInstances:denied', /services are cloudfront, .*ecs/],
  ['ecs:denied', /has the form/],
  ['ecs.UpdateService', /has the form/],
  ['ecs.UpdateService:slow', /kinds are throttled, denied/],
  ['ecs.UpdateService#0:denied', /has the form/],
  ['ecs.UpdateService#-1:denied', /has the form/],
  ['ecs.UpdateService:denied=3', /only late has seconds/],
  ['ecs.UpdateService:late=301', /at most 300/],
])('%j is no fault', (text, reason) => {
  expect(() => parseRule(text)).toThrow(reason);
});

test.each([
  ['ecs.UpdateService:denied', { operation: 'UpdateService', first: 1, last: Number.POSITIVE_INFINITY }],
  ['ecs.UpdateService#2:denied', { operation: 'UpdateService', first: 2, last: 2 }],
  ['ecs.UpdateService#2+:denied', { operation: 'UpdateService', first: 2, last: Number.POSITIVE_INFINITY }],
  ['ecs.*:denied', { operation: undefined, first: 1, last: Number.POSITIVE_INFINITY }],
  ['ecs.*:late', { kind: 'late', lateByMs: 2000 }],
  ['ecs.*#1:late=0.5', { kind: 'late', lateByMs: 500 }],
])('%s means the calls that it names', (text, expected) => {
  expect(parseRule(text)).toMatchObject({ service: 'ecs', ...expected });
});
