import { describe, expect, test } from 'vitest';
import { digestOf } from '../../lib/drill/digest.ts';
import { FUNCTION_NAMES } from '../../lib/infra/functions.ts';
import { COMPLETE_PLANS } from './complete-plans.ts';
import { flat, templateOf } from './fixture.ts';
import { plan, RECOMMENDED } from './plan.ts';

interface Widget {
  readonly type: string;
  readonly properties: {
    readonly title?: string;
    readonly markdown?: string;
    readonly query?: string;
    readonly alarms?: readonly string[];
    readonly metrics?: readonly (readonly unknown[])[];
    readonly annotations?: { readonly horizontal: readonly { readonly value: number }[] };
  };
}

describe('the dashboard', () => {
  const widgets = widgetsOf(COMPLETE_PLANS);

  test('leaves out no step and no function whose errors or words it could show', () => {
    const rates = titled(widgets, 'Error rate per step, percent');
    const steps = rates?.metrics?.map(([one]) => (one as { label?: string }).label).filter(Boolean);
    expect(steps).toEqual(expect.arrayContaining([...FUNCTION_NAMES]));
    const groups = titled(widgets, 'Rollback progress')?.query?.match(/SOURCE '/g) ?? [];
    expect(groups).toHaveLength(FUNCTION_NAMES.length);
    expect(titled(widgets, 'Sealed drills and their user impact')?.query).toContain('userImpactMs');
  });

  test('shows the service of each plan, and what users meet beside the baseline where a load balancer tells it', () => {
    expect(titled(widgets, 'Service health: demo/shop')?.metrics).toHaveLength(2);
    const impact = titled(widgets, 'User impact: shop');
    expect(impact?.metrics?.map(([, name]) => name)).toEqual([
      'RequestCount',
      'HTTPCode_Target_5XX_Count',
      'TargetResponseTime',
    ]);
    expect(impact?.annotations?.horizontal.map(({ value }) => value)).toEqual([0.275]);
    expect(titled(widgets, 'User impact: pipe')).toBeUndefined();
  });

  test('shows by target what drills have measured, under the name that their metrics have', () => {
    const metrics = ['ecs:demo/shop', 'codepipeline:shop-pipe/Deploy'].map((target) =>
      titled(widgets, `Rehearsed rollbacks: ${target}`)?.metrics?.map((one) => one.slice(0, 4)),
    );
    const of = (target: string) => [
      ['RollbackDrills', 'rehearsalTimerMs', 'target', target],
      ['RollbackDrills', 'passed', 'target', target],
    ];
    expect(metrics).toEqual([of('ecs:demo/shop'), of('codepipeline:shop-pipe/Deploy')]);
  });

  test('shows every alarm of the stack and of its plans', () => {
    const template = templateOf(COMPLETE_PLANS);
    const made = Object.keys(template.findResources('AWS::CloudWatch::Alarm'));
    expect(titled(widgets, 'Alarms')?.alarms).toHaveLength(made.length);
  });

  test('shows no words of a plan as structure', () => {
    const [first] = widgetsOf([plan({ owner: 'a | b <img src=x> [c](d)' })]);
    const row = first?.properties.markdown?.split('\n').at(-1);
    expect(row).toMatch(
      /^\| shop \| a &#124; b &#60;img src&#61;x&#62; &#91;c&#93;&#40;d&#41; \| standard \| sha256/,
    );
  });

  test('tells which version of a plan is deployed, by the digest that receipts and approvals name', () => {
    const hex = digestOf(plan()).replace('sha256:', '');
    expect(widgetsOf([plan()])[0]?.properties.markdown).toContain(hex);
  });

  test('is there without a plan, too', () => {
    expect(widgetsOf([])[0]?.properties.markdown).toContain('No plan is deployed.');
  });
});

describe('alarms of the product itself', () => {
  const alarms = Object.values(templateOf([plan()]).findResources('AWS::CloudWatch::Alarm'));

  test('are silent about nothing that may leave a target as it is, and tell the topic', () => {
    for (const { Properties } of alarms) {
      expect(Properties).toMatchObject({
        Threshold: 1,
        EvaluationPeriods: 1,
        TreatMissingData: 'notBreaching',
      });
      expect(Properties.AlarmActions.map(flat)).toEqual([expect.stringContaining('Milestones')]);
    }
    expect(alarms.map(({ Properties }) => Properties.MetricName).toSorted()).toEqual([
      'ApproximateNumberOfMessagesVisible',
      'Errors',
      'ExecutionsAborted',
      'ExecutionsFailed',
      'ExecutionsTimedOut',
    ]);
  });
});

describe('alarms on what is more than 10 % off its baseline', () => {
  const named = (changes: Readonly<Record<string, unknown>>) =>
    Object.values(templateOf([plan(changes)]).findResources('AWS::CloudWatch::Alarm'))
      .map(({ Properties }) => Properties)
      .filter(({ AlarmName }) => /-off-baseline$/.test(AlarmName ?? ''));

  test('there are none without a baseline', () => {
    expect(named({})).toEqual([]);
    expect(named({ recommendedAlarms: { ...RECOMMENDED, baseline: {} } })).toEqual([]);
  });

  test('compare with what the plan says is usual, and do nothing by themselves', () => {
    const found = named({ recommendedAlarms: RECOMMENDED });
    expect(found.map(({ AlarmName, Threshold }) => [AlarmName, Threshold])).toEqual([
      ['shop-error-ratio-off-baseline', 0.11],
      ['shop-p99-off-baseline', 0.275],
    ]);
    for (const { AlarmActions, EvaluationPeriods, DatapointsToAlarm } of found)
      expect([AlarmActions, EvaluationPeriods, DatapointsToAlarm]).toEqual([undefined, 15, 10]);
  });
});

function widgetsOf(plans: Parameters<typeof templateOf>[0]): readonly Widget[] {
  const [dashboard] = Object.values(templateOf(plans).findResources('AWS::CloudWatch::Dashboard'));
  return (JSON.parse(flat(dashboard?.Properties.DashboardBody)) as { widgets: Widget[] }).widgets;
}

function titled(widgets: readonly Widget[], title: string): Widget['properties'] | undefined {
  return widgets.find(({ properties }) => properties.title === title)?.properties;
}
