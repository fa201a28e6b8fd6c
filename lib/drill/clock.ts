/** Marks in the order in which a drill that goes well sets them. Times are ISO 8601 UTC with milliseconds. */
export const MARKS = [
  'drillStarted',
  'approved',
  'badDeployStarted',
  'badServing',
  'triggerObserved',
  'rollbackDecided',
  'rollbackStarted',
  'stableFirstSeen',
  'restored',
  'validated',
  'allClear',
] as const;

export type MarkName = (typeof MARKS)[number];

export type MarkSource = 'api' | 'event' | 'probe' | 'person' | 'orchestrator';

export interface SetMark {
  readonly at: string;
  readonly source: MarkSource;
  readonly evidence: string;
  /** What the source can tell apart; absent means one millisecond. */
  readonly resolutionMs?: number;
}

/** A mark that cannot exist says why. */
export type Mark = SetMark | { readonly at: null; readonly reason: string };

export type Marks = Readonly<Record<MarkName, Mark>>;

/** What the witness saw from the deployment of the known-bad release on. */
export interface ProbeSummary {
  readonly total: number;
  readonly failed: number;
  readonly firstFailedAt: string | null;
  readonly lastFailedAt: string | null;
  /** Probes between the first and the last failing one, both included. */
  readonly totalWhileFailing: number;
  readonly lastKnownBadSeenAt: string | null;
  /** The longest time without a probe; `null` without probes. */
  readonly longestSilenceMs: number | null;
  /** Who served the known-bad release after the control plane had said that the rollback was done: at most ten. */
  readonly strays?: readonly Stray[];
}

export interface Stray {
  /** The task; `null` where the answers do not tell. */
  readonly instance: string | null;
  readonly answers: number;
  readonly lastSeenAt: string;
}

/** Marks that stand before a mark that they must not precede; an adopted rollback and a failed detection have their own order. */
export function marksOutOfOrder(marks: Marks): readonly string[] {
  const set = IN_ORDER.flatMap((name) => {
    const mark = marks[name];
    return mark.at === null ? [] : [{ name, at: Date.parse(mark.at), resolutionMs: mark.resolutionMs ?? 1 }];
  });
  return set.flatMap((mark, index) => {
    const before = set[index - 1];
    return before && mark.at + mark.resolutionMs <= before.at
      ? [`${mark.name} (${iso(mark.at)}) is before ${before.name} (${iso(before.at)})`]
      : [];
  });
}

export function iso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

export function timeOf(mark: Mark): number | null {
  return mark.at === null ? null : Date.parse(mark.at);
}

const IN_ORDER: readonly MarkName[] = [
  'drillStarted',
  'approved',
  'badDeployStarted',
  'rollbackDecided',
  'rollbackStarted',
  'restored',
  'validated',
  'allClear',
];
