import { Duration } from 'aws-cdk-lib';
import {
  GraphWidget,
  type HorizontalAnnotation,
  type IWidget,
  Metric,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { DeployablePlan } from './plans.ts';
import { serviceOf } from './targets.ts';

const HALF = 12;
const OFF_BASELINE = 1.1;
const period = Duration.minutes(1);

/** The service of a plan and, where the plan names its load balancer, what users meet there, beside what is usual. */
export function targetWidgets(plan: DeployablePlan): readonly IWidget[] {
  return [serviceHealth(plan), ...userImpact(plan)];
}

function serviceHealth(plan: DeployablePlan): IWidget {
  const { cluster, service } = serviceOf(plan);
  const dimensionsMap = { ClusterName: cluster, ServiceName: service };
  const of = (metricName: string) =>
    new Metric({ namespace: 'AWS/ECS', metricName, dimensionsMap, statistic: Stats.AVERAGE, period });
  return new GraphWidget({
    title: `Service health: ${cluster}/${service}`,
    width: HALF,
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
      width: HALF,
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
