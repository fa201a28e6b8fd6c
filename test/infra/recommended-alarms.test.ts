import { describe, expect, test } from 'vitest';
import { recommendedAlarms } from '../../lib/drill/recommended-alarms.ts';
import { templateOf } from './fixture.ts';
import { plan, RECOMMENDED } from './plan.ts';

/** Those that the stack itself has are about its own parts, and others compare with the baseline. */
function alarmsOf(plans: Parameters<typeof templateOf>[0]): readonly unknown[] {
  return Object.values(templateOf(plans).findResources('AWS::CloudWatch::Alarm'))
    .map(({ Properties }) => Properties)
    .filter(({ AlarmName }) => /^(shop|search)-.*(?<!-off-baseline)$/.test(AlarmName ?? ''));
}

describe('recommended alarms', () => {
  test('a plan that does not ask for them gets none', () => {
    expect(alarmsOf([plan()])).toEqual([]);
  });

  test('are deployed as the plan describes them, for each plan under its own name, and do nothing by themselves', () => {
    const shop = plan({ recommendedAlarms: RECOMMENDED });
    const search = plan({ name: 'search', recommendedAlarms: { ...RECOMMENDED, baseline: {} } });
    const made = alarmsOf([shop, search]);
    expect(made).toHaveLength(4);
    expect(made).toEqual(expect.arrayContaining([shop, search].flatMap(recommendedAlarms)));
  });
});
