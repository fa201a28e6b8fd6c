import { Duration } from 'aws-cdk-lib';
import {
  GraphWidget,
  type HorizontalAnnotation,
  type IWidget,
  Metric,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import { targetName } from '../drill/target-name.ts';
import type { DeployablePlan } from './plans.ts';
import { serviceOf } from './targets.ts';

const THIRD = 8;
const OFF_BASELINE = 1.1;
const period = Duration.minutes(1);

/** The service of a plan and, where the plan names its load balancer, what users meet there, beside what is usual. */
export function targetWidgets(plan: DeployablePlan): readonly IWidget[] {
  return [rehearsals(plan), serviceHealth(plan), ...userImpact(plan)];
}

/** What sealing a receipt tells CloudWatch, by target. */
function rehearsals(plan: DeployablePlan): IWidget {
  const target = targetName(plan);
  const of = (metricName: string, label: string) =>
    new Metric({
      namespace: 'RollbackDrills',
      metricName,
      dimensionsMap: { target },
      statistic: Stats.MAXIMUM,
      label,
      period: Duration.days(1),
    });
  return new GraphWidget({
    title: `Rehearsed rollbacks: ${target}`,
    width: THIRD,
    start: '-P12M',
    left: [of('rehearsalTimerMs', 'rehearsal timer, milliseconds')],
    right: [of('passed', 'passed')],
  });
}

function serviceHealth(plan: DeployablePlan): IWidget {
  const { cluster, service } = serviceOf(plan);
  const dimensionsMap = { ClusterName: cluster, ServiceName: service };
  const of = (metricName: string) =>
    new Metric({ namespace: 'AWS/ECS', metricName, dimensionsMap, statistic: Stats.AVERAGE, period });
  return new GraphWidget({
    title: `Service health: ${cluster}/${service}`,
    width: THIRD,
    left: [of('CPUUtilization'), of('MemoryUtilization')],
  });
}

function userImpact({ name, recommendedAlarms }: DeployablePlan): readonly IWidget[] {
  if (!recommendedAlarms) return [];
  const { loadBalancer, targetGroup, baseline } = recommendedAlarms;
  const dimensionsMap = { LoadBalancer: loadBalancer, TargetGroup: targetGroup };
  const of = (metricName: string, statistic: string, label: string) =>
    new Metric({ namespace: 'AWS/ApplicationELB', metricName, dimensionsMap, statistic, label, period });
  return [
    new GraphWidget({
      title: `User impact: ${name}`,
      width: THIRD,
      left: [
        of('RequestCount', Stats.SUM, 'requests'),
        of('HTTPCode_Target_5XX_Count', Stats.SUM, 'answered with 5xx'),
      ],
      right: [of('TargetResponseTime', Stats.p(99), 'p99, seconds')],
      rightAnnotations: baseline.p99Ms === undefined ? [] : [offBaseline(baseline.p99Ms)],
    }),
  ];
}

function offBaseline(p99Ms: number): HorizontalAnnotation {
  return { label: '10 % above the baseline', value: (OFF_BASELINE * p99Ms) / 1_000 };
}
