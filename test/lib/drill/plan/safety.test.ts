import { describe, expect, test } from 'vitest';
import { parsePlan } from '../../../../lib/drill/plan/plan.ts';
import { changed, errorsOf } from './example.ts';

const PATHS = 'paths: [ecs-stop-deployment]';
const AT = 'detectWithin: 2m';

function stopping(conditions: unknown): readonly [string, string] {
  return [AT, `${AT}\nstopConditions: ${JSON.stringify(conditions)}`];
}

test.each<[conditions: unknown, error: string]>([
  [
    { maximumFailingShare: '101%' },
    'stopConditions.maximumFailingShare (line 24): must be a share from 0% to 100%, like 1% or 0.01; received "101%".',
  ],
  [
    { minimumSamples: 0 },
    'stopConditions.minimumSamples (line 24): must be a whole number from 1 to 10000; received the number 0.',
  ],
  [
    { maximumBadFor: '5h' },
    'stopConditions.maximumBadFor (line 24): must be a duration from 1s to 4h; received "5h".',
  ],
  [
    { alarms: ['a\nb'] },
    'stopConditions.alarms[0] (line 24): must be one line of 1 to 255 characters; received "a\\nb".',
  ],
  [
    { maximumBadFor: '2m' },
    'stopConditions.maximumBadFor (line 24): must be shorter than 2m, after which the drill rolls back all the same (detectWithin); received 2m.',
  ],
  [
    { maximumBadFor: '3s' },
    'stopConditions.maximumBadFor (line 24): must be longer than 3s, or the drill stops before any trigger can fire (3 failures × 1s); received 3s.',
  ],
  [
    { maximumFailingShare: '50%', minimumSamples: 121 },
    'stopConditions.minimumSamples (line 24): must be at most 120, or the share never counts: that many probes fit into 2m (detectWithin) at an interval of 1s; received 121.',
  ],
])('refuses the stop conditions %j', (conditions, error) =>
  expect(errorsOf(changed(stopping(conditions)))).toEqual([error]),
);

describe('the decision', () => {
  test('is not held by anybody when nobody is asked', () => {
    expect(errorsOf(changed([PATHS, `hold: { upTo: 10m }\n  ${PATHS}`]))).toEqual([
      'rollback.hold (line 25): needs rollback.confirm: only a person who is asked can hold. Add confirm: {within: 2m}, or remove hold.',
    ]);
  });

  test('after silence does not come when the budget is over', () => {
    expect(errorsOf(changed([PATHS, `confirm: { within: 5m }\n  ${PATHS}`]))).toEqual([
      'rollback.confirm.within (line 25): must be shorter than the budget of the trigger red (5m), or a rollback after silence is always too late; received 5m.',
    ]);
  });

  test('may take its time, and the limits of harm reckon with it', () => {
    const asked = [PATHS, `confirm: {}\n  hold: { upTo: 10m }\n  ${PATHS}`] as const;
    const parsed = parsePlan(changed(asked, stopping({ maximumBadFor: '11m' })));
    expect(parsed).toMatchObject({
      plan: {
        rollback: { confirm: { withinMs: 120_000 }, hold: { upToMs: 600_000 } },
        stopConditions: { maximumBadForMs: 660_000, minimumSamples: 20, alarms: [] },
      },
    });
    expect(errorsOf(changed(asked, stopping({ maximumBadFor: '12m' })))).toEqual([
      expect.stringContaining('must be shorter than 12m, after which the drill rolls back all the same'),
    ]);
  });
});

test('a schedule says how late a drill may start', () => {
  const scheduled = (more: string) =>
    changed([AT, `${AT}\nschedule: { expression: cron(0 9 ? * TUE *)${more} }`]);
  expect(parsePlan(scheduled(''))).toMatchObject({ plan: { schedule: { startWithinMs: 900_000 } } });
  expect(errorsOf(scheduled(', startWithin: 30s'))).toEqual([
    'schedule.startWithin (line 24): must be a duration from 1m to 24h; received "30s".',
  ]);
});
