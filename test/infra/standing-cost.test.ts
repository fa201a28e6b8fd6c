import type { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { KEPT_BY_A_PLAN, KEPT_BY_THE_STACK } from '../../lib/cost/standing.ts';
import { templateOf } from './fixture.ts';
import { plan, RECOMMENDED } from './plan.ts';

test('what is charged for each month is what the stack keeps, and what a plan with recommended alarms adds', () => {
  const [none, one] = [
    keptIn(templateOf([])),
    keptIn(templateOf([plan({ recommendedAlarms: RECOMMENDED })])),
  ];
  expect(none).toEqual(KEPT_BY_THE_STACK);
  expect({ ...one, alarmedMetrics: one.alarmedMetrics - none.alarmedMetrics }).toEqual({
    ...KEPT_BY_THE_STACK,
    ...KEPT_BY_A_PLAN,
  });
});

/** CloudWatch charges for every metric that an alarm looks at. */
function keptIn(template: Template): typeof KEPT_BY_THE_STACK {
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
  const metrics = alarms.map(({ Properties: { Metrics } }) =>
    Metrics ? (Metrics as readonly object[]).filter((each) => 'MetricStat' in each).length : 1,
  );
  return {
    alarmedMetrics: metrics.reduce((sum, each) => sum + each, 0),
    dashboards: Object.keys(template.findResources('AWS::CloudWatch::Dashboard')).length,
  };
}
