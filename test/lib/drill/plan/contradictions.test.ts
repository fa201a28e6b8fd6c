import { describe, expect, test } from 'vitest';
import { changed, errorsOf } from './example.ts';

type Change = readonly [from: string, to: string];

const SMOKE = 'release: { header: x-release }';
const PATHS = 'paths: [ecs-stop-deployment]';
const SECOND_TRIGGER = `budget: 5m
  - name: NAME
    observedBy: deployment-event
    condition: deployment failed
    action: page-only
    budget: 1m`;

describe('refuses what is right by itself but cannot be together:', () => {
  test.each<[title: string, changes: Change[], ...errors: string[]]>([
    [
      'a pipeline with a release of a service',
      [['ecs: { cluster: main, service: web }', 'codepipeline: { pipeline: web, stage: Deploy }']],
      'knownBad.releases.broken (line 11): must be what the pipeline is started with: give variables or sourceRevisions.',
    ],
    [
      'a service with a way back of a pipeline',
      [[PATHS, 'paths: [automatic, codepipeline-rollback-stage]']],
      'rollback.paths[1] (line 25): must fit the target ecs; received "codepipeline-rollback-stage", allowed are automatic, ecs-stop-deployment, ecs-previous-task-definition.',
    ],
    [
      'a default that is no release',
      [['default: broken', 'default: borken']],
      'knownBad.default (line 9): must be one of the releases broken; received "borken". Did you mean "broken"?',
    ],
    [
      'more probes under way than a probe should have',
      [[SMOKE, `${SMOKE}\n  interval: 100ms\n  timeout: 6s`]],
      'smoke.timeout (line 16): must be at most 5s, so that no more than 50 probes are under way at an interval of 100ms; received 6s. Shorten it, or probe less often.',
    ],
    [
      'a hold that is over before it could begin',
      [[PATHS, `confirm: { within: 20s }\n  hold: { upTo: 5s }\n  ${PATHS}`]],
      'rollback.hold.upTo (line 26): must be longer than rollback.confirm.within (20s), for which the rollback waits without being held; received 5s.',
    ],
    [
      'a timeout that hides a release that hangs',
      [
        [SMOKE, `${SMOKE}\n  timeout: 20s`],
        ['detectWithin: 2m', 'detectWithin: 20s'],
      ],
      'smoke.timeout (line 15): must be shorter than detectWithin (20s), or a release that hangs is never seen to fail; received 20s.',
    ],
    [
      'a body that GET cannot carry',
      [[SMOKE, `${SMOKE}\n  body: { a: 1 }`]],
      'smoke.body (line 15): cannot be sent with GET. Remove it, or use POST or PUT.',
    ],
    [
      'a look into the body of an answer to HEAD',
      [
        [
          SMOKE,
          'release: { json: $.release }\n  method: HEAD\n  expect: { bodyContains: ok }\n  instance: { json: $.task }',
        ],
      ],
      'smoke.release.json (line 14): looks into the body, but the answer to HEAD has none. Read the release from a header, or use GET.',
      'smoke.expect.bodyContains (line 16): looks into the body, but the answer to HEAD has none. Remove it, or use GET.',
      'smoke.instance.json (line 17): looks into the body, but the answer to HEAD has none. Read the instance from a header, or use GET.',
    ],
    [
      'a steady state too short for its samples',
      [['for: 10s', 'for: 10s\n  minimumSamples: 11']],
      'steadyState.for (line 16): must be at least 11s (11 samples × 1s); received 10s. Watch longer, probe more often or ask for fewer samples.',
    ],
    [
      'two triggers of one name',
      [['budget: 5m', SECOND_TRIGGER.replace('NAME', 'red')]],
      'triggers[1].name (line 23): must differ from the names of the other triggers; received "red" again.',
    ],
    [
      'only triggers that page',
      [['action: roll-back', 'action: page-only']],
      'triggers (line 17): must have at least one trigger with the action roll-back; received only page-only. Without it nothing is rehearsed.',
    ],
    [
      'a condition that its observer cannot see',
      [['smoke failed 3 times running', 'deployment failed']],
      "triggers[0].condition (line 20): cannot be seen by probe; it is seen by deployment-event. Write 'smoke failed 3 times running', '8 of the last 20 failed', 'errorRate > 5% for 2m' or 'p99 > 2x baseline and > 250ms for 5m', or change observedBy.",
    ],
    [
      'a condition of the probe seen by events',
      [['observedBy: probe', 'observedBy: deployment-event']],
      "triggers[0].condition (line 20): cannot be seen by deployment-event; it is seen by probe. Write 'deployment failed' or '3 tasks failed', or change observedBy.",
    ],
    [
      'less time to detect than failures running need',
      [
        ['smoke failed 3 times running', 'smoke failed 20 times running'],
        ['detectWithin: 2m', 'detectWithin: 19s'],
      ],
      'detectWithin (line 23): must be at least 20s, which the trigger red needs (20 failures × 1s); received 19s.',
    ],
    [
      'less time to detect than a window needs',
      [
        ['smoke failed 3 times running', '8 of the last 20 failed'],
        ['detectWithin: 2m', 'detectWithin: 7s'],
      ],
      'detectWithin (line 23): must be at least 8s, which the trigger red needs (8 failures × 1s); received 7s.',
    ],
    [
      'less time to detect than a window in time needs',
      [
        ['smoke failed 3 times running', 'errorRate > 5% for 2m'],
        ['detectWithin: 2m', 'detectWithin: 119s'],
      ],
      'detectWithin (line 23): must be at least 2m, which the trigger red needs (its window); received 1m59s.',
    ],
    [
      'a window that never holds enough samples',
      [['smoke failed 3 times running', 'p99 > 1s for 1m']],
      'triggers[0].condition (line 20): asks for 100 samples, which need 1m41s (99 × 1s, and 1 slow × 2s), in a window of 1m. Widen the window, probe more often, or ask for fewer samples.',
    ],
    [
      'a window without room for the failures that it counts',
      [['smoke failed 3 times running', 'errorRate > 5% for 9s']],
      'triggers[0].condition (line 20): asks for 10 samples, which need 10s (10 × 1s), in a window of 9s. Widen the window, probe more often, or ask for fewer samples.',
    ],
    [
      'a baseline of fewer samples than are compared with it',
      [['smoke failed 3 times running', 'p95 > 2x baseline for 1m']],
      'triggers[0].condition (line 20): compares with a baseline, which needs 20 samples; steadyState.minimumSamples is 5. Raise it, and steadyState.for with it.',
    ],
    [
      'a latency that no probe waits for',
      [['smoke failed 3 times running', 'p95 > 2s for 1m']],
      'triggers[0].condition (line 20): can never hold: a probe gives up after smoke.timeout (2s); received 2s. Lower the limit, or raise the timeout.',
    ],
    [
      'a release that is caught by nothing in the plan',
      [["'registry/web:broken' }", "'registry/web:broken', caughtBy: [read] }"]],
      'knownBad.releases.broken.caughtBy[0] (line 11): must be one of the triggers red; received "read". Did you mean "red"?',
    ],
    [
      'a path that is listed twice',
      [[PATHS, 'paths: [ecs-stop-deployment, automatic, ecs-stop-deployment]']],
      'rollback.paths[2] (line 25): must differ from the other paths; received "ecs-stop-deployment" again. Remove it.',
    ],
    [
      'no path that the drill can take itself',
      [[PATHS, 'paths: [automatic]']],
      'rollback.paths (line 25): must have a path beside automatic, which the drill cannot start itself. Add ecs-stop-deployment or ecs-previous-task-definition.',
    ],
    [
      'less time than the greens need',
      [['within: 5m', 'within: 10s\n  greens: 11']],
      'restored.within (line 27): must be at least 11s (11 greens × 1s); received 10s. Wait longer, or probe more often.',
    ],
    [
      'less time than the fewest greens need',
      [
        [SMOKE, `${SMOKE}\n  interval: 10s`],
        ['for: 10s', 'for: 1m'],
        ['within: 5m', 'within: 29s'],
      ],
      'restored.within (line 28): must be at least 30s (3 greens × 10s); received 29s. Wait longer, or probe more often.',
    ],
    [
      'two steps of one name',
      [['name: order', 'name: look']],
      'validations[0].steps[1].name (line 35): must differ from the names of the other steps; received "look" again.',
    ],
    [
      'a step that may be slower than its validation',
      [['name: order\n', 'name: order\n        expect: { within: 31s }\n']],
      'validations[0].steps[1].expect.within (line 36): must be at most the timeout of the validation (30s); received 31s.',
    ],
    [
      'a capture from the body of an answer to HEAD',
      [['name: look\n', 'name: look\n        method: HEAD\n']],
      'validations[0].steps[0].capture.sku (line 35): looks into the body, but the answer to HEAD has none. Capture a header or a cookie, or use GET.',
    ],
    [
      'a placeholder that nobody captures',
      [['order/{{sku}}', 'order/{{sku}}/{{skuu}}']],
      'validations[0].steps[1].url (line 36): uses {{skuu}}, which no earlier step captures. Earlier steps capture sku. Did you mean "sku"?',
    ],
    [
      'a placeholder of the same step',
      [['web.example/items', 'web.example/{{sku}}']],
      'validations[0].steps[0].url (line 33): uses {{sku}}, which no earlier step captures. No earlier step captures anything.',
    ],
    [
      'a placeholder in headers and body',
      [
        [
          'name: order\n',
          'name: order\n        method: POST\n        headers: { authorization: "Bearer {{token}}" }\n        body: { id: "{{ sku }}" }\n',
        ],
      ],
      'validations[0].steps[1].headers.authorization (line 37): uses {{token}}, which no earlier step captures. Earlier steps capture sku.',
      'validations[0].steps[1].body (line 38): uses {{ sku }}, which no earlier step captures. Earlier steps capture sku. Did you mean "sku"?',
    ],
    [
      'a rate without a start',
      [['detectWithin: 2m', 'detectWithin: 2m\nschedule: { expression: rate(7 days) }']],
      'schedule.start (line 24): is missing; a rate is counted from a start. Give one like 2026-11-03T09:00:00Z.',
    ],
  ])('%s', (_, changes, ...errors) => expect(errorsOf(changed(...changes))).toEqual(errors));

  test('two validations of one name', () => {
    const again = `      - name: order
        url: https://web.example/order/{{sku}}
  - name: buy
    kind: synthetic-transaction
    steps: [{ name: look, url: https://web.example/ }]
`;
    expect(
      errorsOf(changed(['      - name: order\n        url: https://web.example/order/{{sku}}\n', again])),
    ).toEqual([
      'validations[1].name (line 37): must differ from the names of the other validations; received "buy" again.',
    ]);
  });
});

describe('a rule whose values are not all right', () => {
  test('says nothing', () => {
    expect(
      errorsOf(changed([SMOKE, `${SMOKE}\n  interval: soon`], ['within: 5m', 'within: 5s\n  greens: 1000'])),
    ).toEqual([
      'smoke.interval (line 15): must be a duration from 100ms to 60s. "soon" is no duration. Write whole numbers with h, m, s or ms: 90s, 5m, 1m30s, 250ms.',
    ]);
  });

  test('does not silence the rules beside it', () => {
    expect(
      errorsOf(
        changed(
          ['name: example', 'name: "?"'],
          ['default: broken', 'default: other'],
          [PATHS, 'paths: [automatic]'],
        ),
      ),
    ).toEqual([
      expect.stringMatching(/^name \(line 2\)/),
      expect.stringMatching(/^knownBad.default \(line 9\)/),
      expect.stringMatching(/^rollback.paths \(line 25\)/),
    ]);
  });

  test('does not doubt placeholders after captures that could not be read', () => {
    expect(errorsOf(changed(["capture: { sku: { json: '$.items[0].sku' } }", 'capture: sku']))).toEqual([
      'validations[0].steps[0].capture (line 34): must be a mapping; received "sku".',
    ]);
  });
});
