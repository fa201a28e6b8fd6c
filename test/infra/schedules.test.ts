import { readFileSync } from 'node:fs';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { firstStart } from '../../lib/infra/first-start.ts';
import { nextOccurrence, parseExpression } from '../../sandbox/scheduler/expression.ts';
import { actionsOf, NOW, resourcesOf, statementsOf, templateOf, withStack } from './fixture.ts';
import { plan } from './plan.ts';

const HOUR = 3_600_000;

describe('schedules', () => {
  test('a plan without a schedule gets none, and neither does a stack without a plan', () => {
    for (const plans of [[], [plan()]]) templateOf(plans).resourceCountIs('AWS::Scheduler::Schedule', 0);
  });

  test('a scheduled drill that could not start does not start hours later', () => {
    const template = templateOf([
      plan({
        schedule: { expression: 'cron(0 9 ? * TUE *)', timezone: 'Europe/Berlin', startWithin: '20m' },
      }),
    ]);
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(0 9 ? * TUE *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: Match.objectLike({
        Input: '{"plan":"shop","scheduledAt":"<aws.scheduler.scheduled-time>"}',
        RetryPolicy: { MaximumEventAgeInSeconds: 1_200, MaximumRetryAttempts: 2 },
        DeadLetterConfig: Match.anyValue(),
      }),
    });
  });

  test('the scheduler starts no execution itself, and may wake what starts one and the watchdog, and nothing else', () => {
    const template = templateOf([plan({ schedule: { expression: 'cron(0 9 ? * TUE *)' } })]);
    const scheduled = Object.entries(statementsOf(template)).filter(([owner]) =>
      /^(Scheduler|Starter)/.test(owner),
    );
    const allowed = scheduled.flatMap(([, statements]) =>
      statements.map((statement) => [actionsOf(statement), resourcesOf(statement)]),
    );
    expect(allowed).toEqual([
      [['lambda:InvokeFunction'], [expect.stringMatching(/:function:RollbackDrills-Watchdog$/)]],
      [
        ['lambda:InvokeFunction'],
        [
          expect.stringMatching(/^\$\{StartDrill\w+\.Arn\}$/),
          expect.stringMatching(/^\$\{StartDrill\w+\.Arn\}:\*$/),
        ],
      ],
      [['sqs:SendMessage'], [expect.stringContaining('Undelivered')]],
    ]);
    const starters = Object.entries(statementsOf(template)).filter(([, statements]) =>
      statements.flatMap(actionsOf).includes('states:StartExecution'),
    );
    expect(starters.map(([owner]) => owner).toSorted()).toEqual(['Api', 'CheckGuardrails', 'StartDrill']);
  });

  test('what never starts a drill is kept where an alarm looks', () => {
    const template = templateOf([plan()]);
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: Match.objectLike({ Ref: Match.stringLikeRegexp('^StartDrill') }),
      MaximumRetryAttempts: 2,
      DestinationConfig: {
        OnFailure: {
          Destination: Match.objectLike({ 'Fn::GetAtt': [Match.stringLikeRegexp('^Undelivered'), 'Arn'] }),
        },
      },
    });
  });

  test('a rate never begins at the moment of its deployment', () => {
    const template = templateOf([
      plan({ schedule: { expression: 'rate(7 days)', start: '2026-11-03T09:00:00Z' } }),
    ]);
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(7 days)',
      StartDate: '2026-11-24T09:00:00.000Z',
    });
  });
});

describe('the schedules in the README', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const examples = [...readme.matchAll(/```yaml\n# .*\n(schedule: .*\n)```/g)].map(([, text = '']) =>
    parse(text),
  );

  test.each([
    [
      'every quarter, whatever summer time does',
      0,
      ['2027-01-12T09:00Z', '2027-04-13T08:00Z', '2027-07-13T08:00Z', '2027-10-12T08:00Z'],
    ],
    ['every sprint', 1, ['2026-12-01T09:00Z', '2026-12-15T09:00Z', '2026-12-29T09:00Z']],
  ])('start drills %s', (_, index, times) => {
    const { schedule } = plan(examples[index]);
    if (!schedule) throw new Error('the example is no schedule');
    const start = firstStart(schedule, NOW) ?? NOW;
    const expression = parseExpression(schedule.expression, schedule.timezone ?? 'UTC');
    const found: number[] = [];
    for (let after = NOW; found.length < times.length; after = found.at(-1) ?? Number.POSITIVE_INFINITY)
      found.push(
        nextOccurrence({ expression, anchorMs: start, startMs: start, endMs: undefined }, after) ??
          Number.NaN,
      );
    expect(found).toEqual(times.map((time) => Date.parse(time)));
  });
});

describe('when a schedule begins', () => {
  test('nobody has to find out that a deployment left out a drill', () => {
    const warned = (start: string) =>
      withStack([plan({ schedule: { expression: 'rate(7 days)', start } })], (stack) =>
        Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('is left out')),
      ).map(({ entry }) => entry.data);
    expect(warned('2026-11-06T12:30:00Z')).toEqual([
      expect.stringMatching(
        /plan shop at 2026-11-20T12:30:00.000Z is left out.* the next one is at 2026-11-27T12:30:00.000Z/,
      ),
    ]);
    expect(warned('2026-11-06T13:00:00Z')).toEqual([]);
    expect(warned('2026-11-06T11:59:00Z')).toEqual([]);
  });

  test('a rate whose start has passed, or is about to, goes on at its next beat', () => {
    const rate = (start: string) =>
      new Date(firstStart({ expression: 'rate(12 hours)', start }, NOW) ?? 0).toISOString();
    expect(rate('2026-11-20T12:00:00Z')).toBe('2026-11-21T00:00:00.000Z');
    expect(rate('2026-11-20T12:59:59Z')).toBe('2026-11-21T00:59:59.000Z');
    expect(rate('2026-11-20T13:00:00Z')).toBe('2026-11-20T13:00:00.000Z');
    expect(rate('2026-12-24T13:00:00Z')).toBe('2026-12-24T13:00:00.000Z');
  });

  test('a rate without a start waits until the deployment is over', () => {
    expect(firstStart({ expression: 'rate(1 day)' }, NOW)).toBe(NOW + HOUR);
  });

  test('a cron whose start has passed begins at once, at its own times', () => {
    const cron = { expression: 'cron(0 9 ? * TUE *)' };
    expect(firstStart({ ...cron, start: '2026-11-03T09:00:00Z' }, NOW)).toBeUndefined();
    expect(firstStart({ ...cron, start: '2026-12-03T09:00:00Z' }, NOW)).toBe(
      Date.parse('2026-12-03T09:00:00Z'),
    );
    expect(firstStart(cron, NOW)).toBeUndefined();
  });
});
