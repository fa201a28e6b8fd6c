import { describe, expect, test } from 'vitest';
import { changed, EXAMPLE, errorsOf } from './example.ts';

const NAME = "must be a name of 1 to 64 letters, digits, '-', '_' or '.' that begins with a letter or digit";
const FILES = 'It becomes part of resource and file names.';
const ROOT =
  'allowed are apiVersion, name, owner, tier, classification, migration, environment, target, knownBad, smoke, steadyState, triggers, detectWithin, rollback, restored, databases, validations, stabilise, guardrails, stopConditions, sideEffects, notifications, schedule, recommendedAlarms.';

test('has nothing to say about a plan that is right', () => expect(errorsOf(EXAMPLE)).toEqual([]));

describe.each<[part: string, cases: [from: string, to: string, ...errors: string[]][]]>([
  [
    'the head',
    [
      ['rollback-drill/v1', 'v1', 'apiVersion (line 1): must be rollback-drill/v1; received "v1".'],
      ['name: example', 'name: ../x', `name (line 2): ${NAME}; received "../x". ${FILES}`],
      ['name: example', 'name: 5', `name (line 2): ${NAME}; received the number 5. ${FILES}`],
      ['name: example', 'name:', `name (line 2): ${NAME}; received nothing. ${FILES}`],
      [
        'name: example',
        `name: ${'a'.repeat(65)}`,
        `name (line 2): ${NAME}; received "${'a'.repeat(60)}…". ${FILES}`,
      ],
      ['name: example\n', '', 'name (line 1): is missing. Give the name of the plan.'],
      ['platform team', '"  "', 'owner (line 3): must be one line of 1 to 128 characters; received "  ".'],
      [
        'platform team',
        '"a\\nb"',
        'owner (line 3): must be one line of 1 to 128 characters; received "a\\nb".',
      ],
      ['tier: critical', 'tier: high', 'tier (line 4): must be critical or standard; received "high".'],
      [
        'tier: critical',
        'tier: crticial',
        'tier (line 4): must be critical or standard; received "crticial". Did you mean "critical"?',
      ],
      [
        'tier: critical',
        'tier: critical\nclassification: codes',
        'classification (line 5): must be code, config, flag, traffic, migration or infrastructure; received "codes". Did you mean "code"?',
      ],
      [
        'environment: staging',
        'environment: "a b"',
        `environment (line 5): ${NAME}; received "a b". ${FILES}`,
      ],
    ],
  ],
  [
    'unknown keys',
    [
      [
        'tier: critical',
        'tier: critical\nclassificaton: code',
        `classificaton (line 5): is no known key; received "classificaton", ${ROOT} Did you mean "classification"?`,
      ],
      [
        'tier: critical',
        'tier: critical\nzzz: 1\ntoString: 2',
        `zzz (line 5): is no known key; received "zzz", ${ROOT} Remove it.`,
        `toString (line 6): is no known key; received "toString", ${ROOT} Remove it.`,
      ],
      [
        'budget: 5m',
        'budget: 5m\n    bugdet: 5m',
        'triggers[0].bugdet (line 23): is no known key; received "bugdet", allowed are name, observedBy, condition, action, budget. Did you mean "budget"?',
      ],
    ],
  ],
  [
    'the steady state',
    [
      [
        'for: 10s',
        'for: 10',
        'steadyState.for (line 16): must be a duration from 1s to 1h; received the number 10. Write it like 1s or 1h.',
      ],
      [
        'for: 10s',
        'for: ten seconds',
        'steadyState.for (line 16): must be a duration from 1s to 1h. "ten seconds" is no duration. Write whole numbers with h, m, s or ms: 90s, 5m, 1m30s, 250ms.',
      ],
      [
        'for: 10s',
        'for: 10s\n  minimumSamples: 0',
        'steadyState.minimumSamples (line 17): must be a whole number from 1 to 10000; received the number 0.',
      ],
      [
        'for: 10s',
        'for: 10s\n  maximumFailingShare: 51%',
        'steadyState.maximumFailingShare (line 17): must be a share from 0% to 50%, like 1% or 0.01; received "51%".',
      ],
      [
        'for: 10s',
        'for: 10s\n  maximumFailingShare: -0.1',
        'steadyState.maximumFailingShare (line 17): must be a share from 0% to 50%, like 1% or 0.01; received the number -0.1.',
      ],
      [
        'for: 10s',
        'for: 10s\n  maximumFailingShare: true',
        'steadyState.maximumFailingShare (line 17): must be a share from 0% to 50%, like 1% or 0.01; received true.',
      ],
    ],
  ],
  [
    'triggers',
    [
      [
        'observedBy: probe',
        'observedBy: alarm',
        'triggers[0].condition (line 20): cannot be seen by alarm; it is seen by probe. Write the name of an alarm, or change observedBy.',
      ],
      [
        'observedBy: probe',
        'observedBy: pipeline-event',
        "triggers[0].condition (line 20): cannot be seen by pipeline-event; it is seen by probe. Write 'stage Smoke failed', 'action Smoke/test failed' or 'execution failed', or change observedBy.",
      ],
      [
        'observedBy: probe',
        'observedBy: person',
        "triggers[0].condition (line 20): cannot be seen by person; it is seen by probe. Write 'reported by a person', or change observedBy.",
      ],
      [
        'observedBy: probe',
        'observedBy: probes',
        'triggers[0].observedBy (line 19): must be probe, alarm, deployment-event, pipeline-event or person; received "probes". Did you mean "probe"?',
      ],
      [
        'smoke failed 3 times running',
        'smoke failed thrice',
        `triggers[0].condition (line 20): is no condition that probe can see; received "smoke failed thrice". Write 'smoke failed 3 times running', '8 of the last 20 failed', 'errorRate > 5% for 2m' or 'p99 > 2x baseline and > 250ms for 5m', or change observedBy to alarm if it is the name of one.`,
      ],
      [
        'smoke failed 3 times running',
        'smoke failed 0 times running',
        'triggers[0].condition (line 20): the failures running must be 1 to 100; received 0.',
      ],
      [
        'smoke failed 3 times running',
        '3',
        "triggers[0].condition (line 20): must be a condition in words, like 'smoke failed 3 times running'; received the number 3.",
      ],
      [
        'action: roll-back',
        'action: rollback',
        'triggers[0].action (line 21): must be roll-back or page-only; received "rollback". Did you mean "roll-back"?',
      ],
      [
        'budget: 5m',
        'budget: 0s',
        'triggers[0].budget (line 22): must be a duration from 1s to 4h; received "0s".',
      ],
      [
        'detectWithin: 2m',
        'detectWithin: 2h',
        'detectWithin (line 23): must be a duration from 5s to 1h; received "2h".',
      ],
    ],
  ],
  [
    'the way back',
    [
      [
        'paths: [ecs-stop-deployment]',
        'paths: []',
        'rollback.paths (line 25): must be a list of 1 to 5 paths; received an empty list.',
      ],
      [
        'paths: [ecs-stop-deployment]',
        'paths: automatic',
        'rollback.paths (line 25): must be a list of 1 to 5 paths; received "automatic".',
      ],
      [
        'paths: [ecs-stop-deployment]',
        'paths: [ecs-stop-deploymnet]',
        'rollback.paths[0] (line 25): must be automatic, ecs-stop-deployment, ecs-previous-task-definition, codepipeline-rollback-stage or codepipeline-redeploy; received "ecs-stop-deploymnet". Did you mean "ecs-stop-deployment"?',
      ],
      [
        'within: 5m\n',
        'within: 5m\n  greens: 2\n',
        'restored.greens (line 28): must be a whole number from 3 to 1000; received the number 2.',
      ],
      [
        'within: 5m\n',
        'within: 5m\n  greens: 3.5\n',
        'restored.greens (line 28): must be a whole number from 3 to 1000; received the number 3.5.',
      ],
      [
        'detectWithin: 2m',
        'detectWithin: 2m\nstabilise: 25h',
        'stabilise (line 24): must be a duration from 1s to 24h; received "25h".',
      ],
    ],
  ],
  [
    'what is optional',
    [
      [
        'detectWithin: 2m',
        'detectWithin: 2m\nsideEffects:',
        'sideEffects (line 24): must be a list of 0 to 50 side effects; received nothing.',
      ],
      [
        'detectWithin: 2m',
        'detectWithin: 2m\nsideEffects: [{ endpoint: POST /x, effect: mail }]',
        'sideEffects[0].compensation (line 24): is missing. Give what makes up for it.',
      ],
      [
        'detectWithin: 2m',
        'detectWithin: 2m\nnotifications: []',
        'notifications (line 24): must be a mapping with the keys topicArn; received an empty list.',
      ],
      [
        'detectWithin: 2m',
        'detectWithin: 2m\nnotifications: { topicArn: drills }',
        'notifications.topicArn (line 24): must be the ARN of an SNS topic, like arn:aws:sns:us-east-1:123456789012:drills; received "drills".',
      ],
    ],
  ],
])('refuses wrong values in %s', (_, cases) => {
  test.each(cases)('%j → %j', (from, to, ...errors) => expect(errorsOf(changed([from, to]))).toEqual(errors));
});
