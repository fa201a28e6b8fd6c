import { describe, expect, test } from 'vitest';
import { type Plan, parsePlan } from '../../../../lib/drill/plan/plan.ts';
import { changed, EXAMPLE, errorsOf } from './example.ts';

function withGuardrails(guardrails: unknown): string {
  return changed(['detectWithin: 2m', `detectWithin: 2m\nguardrails: ${JSON.stringify(guardrails)}`]);
}

function planOf(text: string): Plan {
  const parsed = parsePlan(text);
  if (parsed.kind === 'plan') return parsed.plan;
  throw new Error(JSON.stringify(parsed.errors));
}

const ROOT =
  'allowed are windows, freezes, changeCalendars, alarms, dependencies, databases, trustedRegistries, settledFor, approvals. Did you mean "alarms"?';

test.each<[guardrails: unknown, error: string]>([
  [
    [],
    'guardrails (line 24): must be a mapping with the keys windows, freezes, changeCalendars, alarms, dependencies, databases, trustedRegistries, settledFor, approvals; received an empty list.',
  ],
  [{ alarm: [] }, `guardrails.alarm (line 24): is no known key; received "alarm", ${ROOT}`],
  [
    { windows: [{ from: '9:00', to: '16:00' }] },
    "guardrails.windows[0].from (line 24): must be a time of day from '00:00' to '24:00'; received \"9:00\".",
  ],
  [
    { windows: [{ from: '09:00', to: '24:01' }] },
    "guardrails.windows[0].to (line 24): must be a time of day from '00:00' to '24:00'; received \"24:01\".",
  ],
  [
    { windows: [{ days: ['monday'], from: '09:00', to: '16:00' }] },
    'guardrails.windows[0].days[0] (line 24): must be mon, tue, wed, thu, fri, sat or sun; received "monday".',
  ],
  [
    { windows: [{ from: '09:00', to: '16:00', timezone: 'Berlin' }] },
    'guardrails.windows[0].timezone (line 24): must be an IANA time zone like Europe/Berlin or UTC; received "Berlin".',
  ],
  [
    { windows: [{ from: '22:00', to: '04:00' }] },
    'guardrails.windows[0].to (line 24): must be later than from (22:00), because a window ends on the day on which it begins; received 04:00. Write two windows, one for each day.',
  ],
  [
    { freezes: [{ from: '2026-02-30', to: '2026-03-01', reason: 'audit' }] },
    'guardrails.freezes[0].from (line 24): must be a day like 2026-12-20; received "2026-02-30".',
  ],
  [
    { freezes: [{ from: '2026-12-20', to: '2026-12-19', reason: 'audit' }] },
    'guardrails.freezes[0].to (line 24): must not be before from (2026-12-20); received 2026-12-19.',
  ],
  [
    { freezes: [{ from: '2026-12-20', to: '2026-12-21' }] },
    'guardrails.freezes[0].reason (line 24): is missing. Give why nothing is changed.',
  ],
  [
    { changeCalendars: ['x y'] },
    'guardrails.changeCalendars[0] (line 24): must be the name or the ARN of a change calendar; received "x y".',
  ],
  [
    { dependencies: [{ name: 'payments', url: 'payments/health' }] },
    'guardrails.dependencies[0].url (line 24): must be an absolute http or https URL; received "payments/health".',
  ],
  [
    {
      dependencies: [
        { name: 'payments', url: 'https://a.example' },
        { name: 'payments', url: 'https://b.example' },
      ],
    },
    'guardrails.dependencies[1].name (line 24): must differ from the names of the other dependencies; received "payments" again.',
  ],
  [
    { trustedRegistries: ['https://ghcr.io'] },
    'guardrails.trustedRegistries[0] (line 24): must be the host of a registry, like docker.io or registry.example:5000; received "https://ghcr.io".',
  ],
  [
    { settledFor: '200h' },
    'guardrails.settledFor (line 24): must be a duration from 1s to 168h; received "200h".',
  ],
  [
    { approvals: { people: 0 } },
    'guardrails.approvals.people (line 24): must be a whole number from 1 to 10; received the number 0.',
  ],
  [
    { approvals: { people: 2, within: '5s' } },
    'guardrails.approvals.within (line 24): must be a duration from 10s to 24h; received "5s".',
  ],
])('refuses %j', (guardrails, error) => expect(errorsOf(withGuardrails(guardrails))).toEqual([error]));

describe('a plan', () => {
  test('that says nothing has no guardrails of its own', () => {
    const { guardrails } = planOf(EXAMPLE);
    expect(guardrails).toEqual({
      windows: [],
      freezes: [],
      changeCalendars: [],
      alarms: [],
      dependencies: [],
      databases: { longestTransactionMs: 300_000, longestLockWaitMs: 5_000 },
      trustedRegistries: [],
    });
  });

  test('tells them with defaults and units', () => {
    const { guardrails } = planOf(
      withGuardrails({
        windows: [
          { days: ['mon'], from: '09:00', to: '16:00', timezone: 'Europe/Berlin' },
          { from: '00:00', to: '24:00' },
        ],
        freezes: [{ from: '2026-12-20', to: '2026-12-20', reason: 'audit' }],
        changeCalendars: ['ops', 'arn:aws:ssm:eu-west-1:123456789012:document/ops'],
        alarms: ['5xx too high'],
        dependencies: [{ name: 'payments', url: 'https://pay.example/health', headers: { 'X-Key': 'k' } }],
        databases: { longestTransaction: '10m' },
        settledFor: '10m',
        approvals: { people: 2 },
      }),
    );
    expect(guardrails).toEqual({
      windows: [
        { days: ['mon'], from: '09:00', to: '16:00', timezone: 'Europe/Berlin' },
        {
          days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
          from: '00:00',
          to: '24:00',
          timezone: 'UTC',
        },
      ],
      freezes: [{ from: '2026-12-20', to: '2026-12-20', reason: 'audit', timezone: 'UTC' }],
      changeCalendars: ['ops', 'arn:aws:ssm:eu-west-1:123456789012:document/ops'],
      alarms: ['5xx too high'],
      dependencies: [
        {
          name: 'payments',
          url: 'https://pay.example/health',
          headers: { 'x-key': 'k' },
          expect: { status: [200] },
          timeoutMs: 5_000,
        },
      ],
      databases: { longestTransactionMs: 600_000, longestLockWaitMs: 5_000 },
      trustedRegistries: [],
      settledForMs: 600_000,
      approvals: { people: 2, withinMs: 1_800_000 },
    });
  });
});
