import * as v from 'valibot';
import { listOf, must, oneOf, section, text, whole } from './fields.ts';
import { excerpt, request, statuses } from './http.ts';
import { date, timeZone } from './schedule.ts';
import { duration, line, name } from './words.ts';

/** In the order of `Intl`'s week: Monday first. */
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

export type Day = (typeof DAYS)[number];

/** Conditions that refuse a drill, beside those that every drill has. */
export function guardrails() {
  return section({
    windows: v.optional(
      v.pipe(
        listOf(window, { least: 0, most: 20, what: 'windows' }),
        v.description('when a drill may start; at any time when left out'),
      ),
      [],
    ),
    freezes: v.optional(
      v.pipe(
        listOf(freeze, { least: 0, most: 50, what: 'freezes' }),
        v.description('days on which nothing is changed, and no drill starts'),
      ),
      [],
    ),
    changeCalendars: v.optional(
      v.pipe(
        listOf(calendar(), { least: 0, most: 10, what: 'change calendars' }),
        v.description('change calendars of AWS Systems Manager that must be OPEN'),
      ),
      [],
    ),
    alarms: v.optional(
      v.pipe(alarms(), v.description('CloudWatch alarms that must be OK before a drill starts')),
      [],
    ),
    dependencies: v.optional(
      v.pipe(
        listOf(dependency, { least: 0, most: 20, what: 'dependencies' }),
        v.description('dependent services that must be healthy before a drill starts'),
      ),
      [],
    ),
    databases: v.optional(
      v.pipe(
        databases,
        v.description('how long anybody may be held up in a database that the validations look into'),
      ),
      {},
    ),
    trustedRegistries: v.optional(
      v.pipe(
        listOf(registry(), { least: 0, most: 10, what: 'registries' }),
        v.description('registries beside Amazon ECR that cannot be asked, and whose images you answer for'),
      ),
      [],
    ),
    settledFor: v.exactOptional(
      v.pipe(
        duration('1s', '168h'),
        v.description('how old the last deployment of the target must be, like 10m'),
      ),
    ),
    approvals: v.exactOptional(
      v.pipe(approvals, v.description('the people who must approve each drill: {people, within}')),
    ),
  });
}

/** Names of CloudWatch alarms. */
export function alarms() {
  return listOf(line(255), { least: 0, most: 50, what: 'alarm names' });
}

const window = section({
  days: v.optional(
    v.pipe(
      listOf(oneOf(DAYS), { least: 1, most: 7, what: 'days' }),
      v.description('the days of the week; every day when left out'),
    ),
    [...DAYS],
  ),
  from: v.pipe(timeOfDay(), v.description("when it opens, like '09:00'")),
  to: v.pipe(timeOfDay(), v.description("when it closes, like '16:00'; at the latest '24:00'")),
  timezone: v.optional(v.pipe(timeZone(), v.description('the IANA time zone of its days and times')), 'UTC'),
});

const freeze = section({
  from: v.pipe(date(), v.description('its first day, like 2026-12-20')),
  to: v.pipe(date(), v.description('its last day, like 2027-01-03')),
  reason: v.pipe(line(200), v.description('why nothing is changed')),
  timezone: v.optional(v.pipe(timeZone(), v.description('the IANA time zone of its days')), 'UTC'),
});

const { url, headers } = request(['GET']);

const dependency = section({
  name: v.pipe(name(), v.description('the name of the service, unique in the list')),
  url,
  headers,
  expect: v.optional(
    v.pipe(
      section({
        status: v.optional(v.pipe(statuses(), v.description('the allowed statuses')), 200),
        bodyContains: v.exactOptional(v.pipe(excerpt(), v.description('text that the answer contains'))),
      }),
      v.description('what a healthy answer is'),
    ),
    {},
  ),
  timeout: v.optional(v.pipe(duration('50ms', '10s'), v.description('how long an answer may take')), '5s'),
});

const databases = section({
  longestTransaction: v.optional(
    v.pipe(duration('1s', '24h'), v.description('how long a transaction may be open already')),
    '5m',
  ),
  longestLockWait: v.optional(
    v.pipe(duration('100ms', '1h'), v.description('how long somebody may have waited for a lock')),
    '5s',
  ),
});

const approvals = section({
  people: v.pipe(whole(1, 10), v.description('how many different people, without the one who starts')),
  within: v.optional(v.pipe(duration('10s', '24h'), v.description('how long they have, like 30m')), '30m'),
});

function calendar() {
  return text(
    /^(arn:aws[a-z-]*:ssm:[a-z0-9-]+:\d{12}:document\/)?[A-Za-z0-9_.-]{3,128}$/,
    'the name or the ARN of a change calendar',
  );
}

function registry() {
  return text(
    /^[A-Za-z0-9][A-Za-z0-9.-]{0,252}(:\d{1,5})?$/,
    'the host of a registry, like docker.io or registry.example:5000',
  );
}

function timeOfDay() {
  const message = must("a time of day from '00:00' to '24:00'");
  return v.pipe(v.string(message), v.regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, message));
}
