import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IAlarm,
  type IWidget,
  LogQueryWidget,
  MathExpression,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { digestOf } from '../drill/digest.ts';
import type { DeployablePlan } from './plans.ts';
import { targetWidgets } from './target-widgets.ts';
import { alarmArn } from './targets.ts';

export interface Shown {
  readonly plans: readonly DeployablePlan[];
  readonly drill: StateMachine;
  /** In the order of a drill. */
  readonly functions: Readonly<Record<string, Lambda>>;
  /** Those of the product itself. */
  readonly alarms: readonly IAlarm[];
  /** Names of those that plans bring. */
  readonly alarmsOfPlans: readonly string[];
}

const WHOLE = 24;
const HALF = 12;
const THIRD = 8;
/** CloudWatch queries at most so many log groups at once. */
const MOST_GROUPS = 50;
const period = Duration.minutes(1);

/** How far drills are, which steps fail, how the services are, and what users meet. */
export function drillDashboard(scope: Construct, shown: Shown): Dashboard {
  const dashboard = new Dashboard(scope, 'Dashboard', {
    dashboardName: `${Stack.of(scope).stackName}-drills`,
    defaultInterval: Duration.hours(3),
  });
  const rows = [[introduction(shown)], progress(shown), [errorRates(shown), alarmStates(scope, shown)]];
  for (const widgets of [...rows, ...shown.plans.map(targetWidgets)]) dashboard.addWidgets(...widgets);
  return dashboard;
}

function introduction({ plans }: Shown): IWidget {
  const rows = plans.map((plan) => {
    const { name, owner, tier } = plan;
    return `| ${[name, owner, tier, digestOf(plan)].map(cell).join(' | ')} |`;
  });
  const table =
    rows.length === 0
      ? 'No plan is deployed.'
      : ['| plan | owner | tier | digest |', '|---|---|---|---|', ...rows].join('\n');
  return new TextWidget({ markdown: `# Rollback drills\n\n${table}`, width: WHOLE, height: 2 + rows.length });
}

/** Text of plans is text, and no structure. */
function cell(text: string): string {
  return text.replaceAll(/[^\w .,:@-]/g, (character) => `&#${character.codePointAt(0)};`);
}

function progress({ drill, functions }: Shown): readonly IWidget[] {
  const groups = Object.values(functions).slice(0, MOST_GROUPS);
  return [
    new GraphWidget({
      title: 'Drills',
      width: THIRD,
      left: [
        drill.metricStarted({ period, label: 'started' }),
        drill.metricSucceeded({ period, label: 'ended with a receipt or a refusal' }),
        drill.metricFailed({ period, label: 'failed' }),
        drill.metricTimedOut({ period, label: 'out of time' }),
        drill.metricAborted({ period, label: 'stopped' }),
      ],
    }),
    logged('Rollback progress', groups, [
      'fields @timestamp, drillId, function, response.kind, response.reason',
      'filter ispresent(drillId)',
    ]),
    logged('Sealed drills and their user impact', groups, [
      'fields @timestamp, drillId, target, outcome, rehearsalTimerMs, rollbackSpeedMs, userImpactMs',
      'filter ispresent(outcome)',
    ]),
  ];
}

/** The newest first. */
function logged(title: string, of: readonly Lambda[], queryLines: string[]): IWidget {
  return new LogQueryWidget({
    title,
    width: THIRD,
    logGroupNames: of.map(({ logGroup }) => logGroup.logGroupName),
    queryLines: [...queryLines, 'sort @timestamp desc', 'limit 50'],
  });
}

function errorRates({ functions }: Shown): IWidget {
  return new GraphWidget({
    title: 'Error rate per step, percent',
    width: HALF,
    left: Object.entries(functions).map(([step, one]) => errorRate(step, one)),
    leftYAxis: { min: 0, max: 100, showUnits: false },
  });
}

/** Ids are those of the whole graph. */
function errorRate(step: string, one: Lambda): MathExpression {
  return new MathExpression({
    expression: `100*errors${step}/invocations${step}`,
    label: step,
    usingMetrics: {
      [`errors${step}`]: one.metricErrors({ period }),
      [`invocations${step}`]: one.metricInvocations({ period }),
    },
    period,
  });
}

function alarmStates(scope: Construct, { alarms, alarmsOfPlans }: Shown): IWidget {
  const ofPlans = alarmsOfPlans.map((name) =>
    Alarm.fromAlarmArn(scope, `Shown-${name}`, alarmArn(scope, name)),
  );
  return new AlarmStatusWidget({ title: 'Alarms', width: HALF, alarms: [...alarms, ...ofPlans] });
}
