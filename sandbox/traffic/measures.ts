import type { Datum } from '../cloudwatch/metrics.ts';
import type { Target } from './targets.ts';

/** What the load balancer measures of itself, in the words of an Application Load Balancer. */
export interface Measures {
  /** A target was chosen for a request. */
  chosen(): void;
  /** A target answered. */
  answered(status: number, tookMs: number): void;
  /** The load balancer answered in place of a target. */
  refused(status: number): void;
}

export interface MeasuresOptions {
  /** Values of the dimensions. */
  readonly loadBalancer: string;
  readonly targetGroup: string;
  readonly targets: () => readonly Target[];
  readonly report: (data: readonly Datum[]) => void;
}

const NAMESPACE = 'AWS/ApplicationELB';
const REPORT_AFTER_MS = 250;
const MOST_ANSWERS_HELD = 500;

/**
 * Reports what was measured a quarter of a second after the first of it, or once it is much. As on AWS, what was counted
 * zero times is not reported, and without requests nothing is: of targets neither.
 */
export function measures({ loadBalancer, targetGroup, targets, report }: MeasuresOptions): Measures {
  let batch = emptyBatch();
  let timer: NodeJS.Timeout | undefined;
  const count = (counts: Map<string, number>, name: string): void => {
    counts.set(name, (counts.get(name) ?? 0) + 1);
    if (batch.seconds.length >= MOST_ANSWERS_HELD) flush();
    else timer ??= setTimeout(flush, REPORT_AFTER_MS).unref();
  };
  return {
    chosen: () => count(batch.targetCounts, 'RequestCount'),
    answered(status, tookMs) {
      batch.seconds.push(tookMs / 1000);
      count(batch.targetCounts, `HTTPCode_Target_${Math.floor(status / 100)}XX_Count`);
    },
    refused(status) {
      if (ITSELF_COUNTED.has(status)) count(batch.ownCounts, `HTTPCode_ELB_${status}_Count`);
      count(batch.ownCounts, `HTTPCode_ELB_${Math.floor(status / 100)}XX_Count`);
    },
  };

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    const all = { LoadBalancer: loadBalancer };
    const ofGroup = { TargetGroup: targetGroup, LoadBalancer: loadBalancer };
    const ofTargets = [...counted(batch.targetCounts), ...responseTimes(batch.seconds)];
    const atMs = Date.now();
    const inDimensions = (dimensions: Datum['dimensions']) => (measured: Measured) => ({
      namespace: NAMESPACE,
      dimensions,
      atMs,
      ...measured,
    });
    report([
      ...[...counted(batch.ownCounts), ...ofTargets].map(inDimensions(all)),
      ...[...ofTargets, ...hostCounts(targets())].map(inDimensions(ofGroup)),
    ]);
    batch = emptyBatch();
  }
}

/** Statuses that have a metric of their own. */
const ITSELF_COUNTED: ReadonlySet<number> = new Set([500, 502, 503, 504]);

type Measured = Pick<Datum, 'name' | 'unit' | 'values' | 'counts'>;

interface Batch {
  readonly targetCounts: Map<string, number>;
  readonly ownCounts: Map<string, number>;
  readonly seconds: number[];
}

function emptyBatch(): Batch {
  return { targetCounts: new Map(), ownCounts: new Map(), seconds: [] };
}

/** Each request is a sample of 1. */
function counted(counts: ReadonlyMap<string, number>): readonly Measured[] {
  return [...counts].map(([name, times]) => ({ name, unit: 'Count', values: [1], counts: [times] }));
}

function responseTimes(values: readonly number[]): readonly Measured[] {
  return values.length > 0 ? [{ name: 'TargetResponseTime', unit: 'Seconds', values }] : [];
}

/** Of a group without targets nothing is known. */
function hostCounts(targets: readonly Target[]): readonly Measured[] {
  if (targets.length === 0) return [];
  const having = (health: Target['health']): number =>
    targets.filter((target) => target.health === health).length;
  return [
    { name: 'HealthyHostCount', unit: 'Count', values: [having('healthy')] },
    { name: 'UnHealthyHostCount', unit: 'Count', values: [having('unhealthy')] },
  ];
}
