import * as v from 'valibot';
import { PATHS } from '../path.ts';
import { OBSERVERS } from './condition.ts';
import { count } from './count.ts';
import { databases } from './database.ts';
import { exactlyOneOf, listOf, oneOf, section, text, whole } from './fields.ts';
import { guardrails } from './guardrails.ts';
import { excerpt, headerName, jsonPath, request, SMOKE_METHODS, statuses } from './http.ts';
import { knownBad } from './known-bad.ts';
import { migration } from './migration.ts';
import { recommendedAlarms } from './recommended-alarms.ts';
import { schedule } from './schedule.ts';
import { stopConditions } from './stop-conditions.ts';
import { target } from './target.ts';
import { validation } from './validation.ts';
import { condition, duration, line, name, share } from './words.ts';

const API_VERSION = 'rollback-drill/v1';

const smoke = section({
  ...request(SMOKE_METHODS),
  expect: v.optional(
    v.pipe(
      section({
        status: v.optional(v.pipe(statuses(), v.description('the allowed statuses')), 200),
        bodyContains: v.exactOptional(v.pipe(excerpt(), v.description('text that the answer contains'))),
      }),
      v.description('what a green answer is'),
    ),
    {},
  ),
  release: v.pipe(
    exactlyOneOf({ header: headerName(), json: jsonPath() }),
    v.description('where the answer tells which release gave it: {header: x-release} or {json: $.release}'),
  ),
  instance: v.exactOptional(
    v.pipe(
      exactlyOneOf({ header: headerName(), json: jsonPath() }),
      v.description('where the answer tells which task gave it: {header: x-task} or {json: $.task}'),
    ),
  ),
  interval: v.optional(
    v.pipe(duration('100ms', '60s'), v.description('the time from one probe to the next')),
    '1s',
  ),
  timeout: v.optional(v.pipe(duration('50ms', '30s'), v.description('how long an answer may take')), '2s'),
});

const steadyState = section({
  for: v.pipe(duration('1s', '1h'), v.description('how long the healthy service is watched first, like 10s')),
  minimumSamples: v.optional(
    v.pipe(whole(1, 10_000), v.description('the probes that the baseline needs')),
    5,
  ),
  maximumFailingShare: v.optional(
    v.pipe(share(50), v.description('the share of failing probes that is still steady')),
    0,
  ),
});

const trigger = section({
  name: v.pipe(name(), v.description('the name of the trigger, unique in the plan')),
  observedBy: v.pipe(
    oneOf(OBSERVERS),
    v.description('who sees it: probe, alarm, deployment-event, pipeline-event or person'),
  ),
  condition: v.pipe(
    condition(),
    v.description("when it fires, like 'errorRate > 5% for 2m', or the name of an alarm"),
  ),
  action: v.pipe(
    oneOf(['roll-back', 'page-only']),
    v.description('what it leads to: roll-back or page-only'),
  ),
  budget: v.pipe(
    duration('1s', '4h'),
    v.description('the time from the trigger to the restored service, like 5m'),
  ),
});

const sideEffect = section({
  endpoint: v.pipe(line(300), v.description('the endpoint that does it, like POST /checkout')),
  effect: v.pipe(line(500), v.description('what it leaves behind')),
  compensation: v.pipe(line(500), v.description('what makes up for it')),
  count: v.exactOptional(
    v.pipe(count(), v.description('how it is counted what happened while the known-bad release was live')),
  ),
});

const confirm = section({
  within: v.optional(
    v.pipe(duration('5s', '1h'), v.description('how long the person has before the rollback starts')),
    '2m',
  ),
});

const hold = section({
  upTo: v.pipe(duration('5s', '4h'), v.description('how long in all, like 10m; then it rolls back')),
});

const topic = text(
  /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/,
  'the ARN of an SNS topic, like arn:aws:sns:us-east-1:123456789012:drills',
);

const classifications = ['code', 'config', 'flag', 'traffic', 'migration', 'infrastructure'] as const;

/** The plan as it is written; its values are parsed (durations are milliseconds), its keys are still those of the file. */
export const planDocument = section({
  apiVersion: v.pipe(oneOf([API_VERSION]), v.description(`the version of this format: ${API_VERSION}`)),
  name: v.pipe(name(), v.description('the name of the plan')),
  owner: v.pipe(line(128), v.description('the team or person who decides')),
  tier: v.pipe(
    oneOf(['critical', 'standard']),
    v.description('how fast it must be: critical (5 min) or standard (15 min)'),
  ),
  classification: v.optional(
    v.pipe(oneOf(classifications), v.description('the kind of change that is rolled back')),
    'code',
  ),
  migration: v.exactOptional(
    v.pipe(
      migration(),
      v.description('how the database gets back, for the classification migration: {undo, when, within}'),
    ),
  ),
  environment: v.pipe(
    name(),
    v.description('where it runs: sandbox, test, staging, production or another word'),
  ),
  target: v.pipe(
    target(),
    v.description('what is drilled: {ecs: {cluster, service}} or {codepipeline: {pipeline, stage}}'),
  ),
  knownBad: v.pipe(
    knownBad(),
    v.description('the releases that are deployed on purpose: {default, releases}'),
  ),
  smoke: v.pipe(smoke, v.description('the probe that sees what users see: {url, release, …}')),
  steadyState: v.pipe(steadyState, v.description('the baseline before the known-bad release: {for, …}')),
  triggers: v.pipe(
    listOf(trigger, { least: 1, most: 20, what: 'triggers' }),
    v.description('the written conditions on which you act without discussion'),
  ),
  detectWithin: v.pipe(
    duration('5s', '1h'),
    v.description('how long the drill waits for a trigger, like 45s'),
  ),
  rollback: v.pipe(
    section({
      confirm: v.exactOptional(
        v.pipe(confirm, v.description('a person is asked before the rollback; on silence it starts')),
      ),
      hold: v.exactOptional(
        v.pipe(hold, v.description('a person who is asked may hold the rollback back for so long')),
      ),
      paths: v.pipe(
        listOf(oneOf(PATHS), { least: 1, most: PATHS.length, what: 'paths' }),
        v.description('the ways back, in order of preference'),
      ),
    }),
    v.description('how the target gets back: {paths: […]}'),
  ),
  restored: v.pipe(
    section({
      greens: v.exactOptional(
        v.pipe(
          whole(3, 1_000),
          v.description('green probes running that confirm it; 3 for each task when left out'),
        ),
      ),
      within: v.pipe(duration('5s', '1h'), v.description('how long one path may take, like 5m')),
    }),
    v.description('when the target counts as restored: {within, …}'),
  ),
  databases: v.optional(
    v.pipe(
      databases(),
      v.description('the databases behind the target, for validations and counts: {NAME: {…}}'),
    ),
    {},
  ),
  validations: v.optional(
    v.pipe(
      listOf(validation(), { least: 0, most: 20, what: 'validations' }),
      v.description('what is checked after the rollback'),
    ),
    [],
  ),
  stabilise: v.optional(
    v.pipe(duration('1s', '24h'), v.description('the quiet period before the all-clear')),
    '15m',
  ),
  guardrails: v.optional(
    v.pipe(guardrails(), v.description('what must hold before a drill starts, beside what always must')),
    {},
  ),
  stopConditions: v.optional(
    v.pipe(stopConditions(), v.description('what ends a drill that does more harm than you allow')),
    {},
  ),
  sideEffects: v.optional(
    v.pipe(
      listOf(sideEffect, { least: 0, most: 50, what: 'side effects' }),
      v.description('what a rollback cannot undo'),
    ),
    [],
  ),
  notifications: v.optional(
    v.pipe(
      section({
        topicArn: v.exactOptional(v.pipe(topic, v.description('the SNS topic that hears of milestones'))),
      }),
      v.description('who hears of it'),
    ),
    {},
  ),
  schedule: v.exactOptional(v.pipe(schedule(), v.description('when the drill runs by itself'))),
  recommendedAlarms: v.exactOptional(
    v.pipe(recommendedAlarms(), v.description('CloudWatch alarms on the load balancer that the stack makes')),
  ),
});

export type PlanDocument = v.InferOutput<typeof planDocument>;
