/** What CloudWatch charges for each month, whether or not there are drills. */
export interface Kept {
  /** An alarm on metric math counts every metric that it looks at. */
  readonly alarmedMetrics: number;
  readonly dashboards: number;
}

export const KEPT_BY_THE_STACK: Kept = { alarmedMetrics: 5, dashboards: 1 };

/** With all of the recommended alarms, and those that compare with the same baseline. */
export const KEPT_BY_A_PLAN: Pick<Kept, 'alarmedMetrics'> = { alarmedMetrics: 14 };

/** US dollars a month for an alarmed metric and a dashboard. https://aws.amazon.com/cloudwatch/pricing/ */
const USD = { alarmedMetric: 0.1, dashboard: 3 } as const;

export function monthlyUsd({ alarmedMetrics = 0, dashboards = 0 }: Partial<Kept>): number {
  return alarmedMetrics * USD.alarmedMetric + dashboards * USD.dashboard;
}
