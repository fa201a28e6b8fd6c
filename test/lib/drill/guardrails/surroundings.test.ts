import { describe, expect, test } from 'vitest';
import {
  alarmsOk,
  channelReachable,
  dependenciesHealthy,
  environmentAllowed,
  safetySwitchOff,
} from '../../../../lib/drill/guardrails/surroundings.ts';

test('a plan for another environment is refused, and so is every plan where none is allowed', () => {
  expect(environmentAllowed('production', ['sandbox', 'test'])).toEqual({
    name: 'environment',
    verdict: 'refused',
    reason: 'the plan is for production; allowed here: sandbox, test',
  });
  expect(environmentAllowed('test', []).reason).toBe('the plan is for test; allowed here: none');
  expect(environmentAllowed('test', ['sandbox', 'test']).verdict).toBe('passed');
});

describe('the safety switch', () => {
  test.each([
    [{ kind: 'on', reason: 'incident 4711' } as const, 'on: incident 4711'],
    [{ kind: 'missing' } as const, 'not there'],
    [{ kind: 'unknown', value: 'yes' } as const, '"yes", which is neither off nor on'],
  ])('refuses when it is %j, and says the command that sets it right', (state, told) => {
    expect(safetySwitchOff(state, '/drills/switch')).toEqual({
      name: 'safety-switch',
      verdict: 'refused',
      reason: `the safety switch (/drills/switch) is ${told}; off is allowed. 'drill safety-switch off' sets it, or aws ssm put-parameter --name /drills/switch --type String --value off --overwrite`,
    });
  });

  test('lets a drill start when it is off', () =>
    expect(safetySwitchOff({ kind: 'off' }, '/s')).toMatchObject({ verdict: 'passed' }));
});

describe('alarms', () => {
  const found = [
    { name: 'errors', state: 'OK', since: null },
    { name: 'latency', state: 'INSUFFICIENT_DATA', since: null },
    { name: 'orders', state: 'ALARM', since: '2026-11-03T10:00:00.000Z' },
  ] as const;

  test('refuse when one is in ALARM, has no data or is not there', () => {
    expect(alarmsOk(['errors', 'latency', 'orders', 'queue'], found)).toEqual({
      name: 'alarms',
      verdict: 'refused',
      reason:
        '1 of 4 alarms are OK; latency is INSUFFICIENT_DATA, orders is ALARM since 2026-11-03T10:00:00.000Z, queue is not there; every one must be there and OK',
    });
  });

  test('that the plan does not name do not matter', () => {
    expect(alarmsOk(['errors'], found)).toMatchObject({ verdict: 'passed', reason: '1 of 1 alarms are OK' });
    expect(alarmsOk([], found).verdict).toBe('passed');
  });
});

test('a dependent service that is not healthy refuses, with what it answered', () => {
  const healthy = { name: 'catalogue', failure: null };
  const down = { name: 'payments', failure: 'status 503, allowed 200' };
  expect(dependenciesHealthy([healthy, down])).toEqual({
    name: 'dependencies',
    verdict: 'refused',
    reason: '1 of 2 dependent services are healthy; payments: status 503, allowed 200; all must be',
  });
  expect(dependenciesHealthy([healthy]).verdict).toBe('passed');
  expect(dependenciesHealthy([]).verdict).toBe('passed');
});

test('a topic to which nobody has confirmed a subscription refuses: a page would reach nobody', () => {
  const topicArn = 'arn:aws:sns:us-east-1:000000000000:drills';
  expect(channelReachable({ topicArn, confirmed: 0, pending: 1 })).toEqual({
    name: 'notification-channel',
    verdict: 'refused',
    reason: `${topicArn} has 0 confirmed subscriptions (1 pending); at least 1 is allowed, or a page reaches nobody. Subscribe and confirm: aws sns subscribe --topic-arn ${topicArn} --protocol email --notification-endpoint ADDRESS`,
  });
  expect(channelReachable({ topicArn, confirmed: 1, pending: 0 }).verdict).toBe('passed');
});
