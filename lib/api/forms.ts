import * as v from 'valibot';
import { OUTCOMES } from '../drill/outcome.ts';
import { PHASES } from '../drill/states.ts';

/* What the API answers, as far as it is promised. More members may come. */

const Time = v.pipe(v.string(), v.isoTimestamp());
const Milliseconds = v.nullable(v.number());
const Outcome = v.picklist(OUTCOMES);
const PlanName = v.looseObject({ name: v.string(), digest: v.string() });

/** A part of a list; `next` is the `cursor` of the next one, `null` at the end. */
function listOf<Item extends v.GenericSchema>(item: Item) {
  return v.object({ items: v.array(item), next: v.nullable(v.string()) });
}

export const Health = v.object({ status: v.literal('ok'), at: Time });

export const TargetList = listOf(
  v.object({
    target: v.string(),
    /** Sealed drills. */
    drills: v.number(),
    lastDrill: v.nullable(v.object({ number: v.number(), outcome: Outcome, startedAt: v.nullable(Time) })),
    graduated: v.boolean(),
  }),
);

export const ReadinessList = v.object({
  asOf: Time,
  ...listOf(
    v.object({
      target: v.string(),
      readiness: v.nullable(v.object({ score: v.number(), reason: v.string() })),
      daysSinceLastPass: v.nullable(v.number()),
      graduated: v.boolean(),
      pathChangedSinceRehearsal: v.nullable(v.boolean()),
      /** Whether the target must be drilled again, and why. */
      mustDrill: v.boolean(),
      reasons: v.array(v.string()),
      /** Why a figure is `null`. */
      unknown: v.record(v.string(), v.string()),
    }),
  ).entries,
});

const Percentiles = v.object({ p50: Milliseconds, p95: Milliseconds, max: Milliseconds, n: v.number() });

export const TargetStatistics = v.looseObject({
  schema: v.literal('rollback-drill/answer/v1'),
  label: v.literal('drills'),
  target: v.string(),
  asOf: Time,
  rollbackSpeed: Percentiles,
  rehearsalTimer: Percentiles,
  timeToDetect: Percentiles,
  successRate: v.nullable(v.number()),
  completeness: v.object({ mean: v.nullable(v.number()), last: v.nullable(v.number()), n: v.number() }),
  frequency: v.looseObject({
    drills: v.number(),
    deployments: v.nullable(v.number()),
    realRollbacks: v.nullable(v.number()),
    rollbacksPerDeployment: v.nullable(v.number()),
  }),
  outcomes: v.record(v.string(), v.number()),
  dominantStep: v.nullable(v.object({ name: v.string(), share: v.number() })),
  trend: v.nullable(v.looseObject({})),
  regression: v.nullable(v.looseObject({})),
  graduated: v.boolean(),
  daysSinceLastPass: v.nullable(v.number()),
  readiness: v.nullable(v.looseObject({ score: v.number() })),
  distinctOperators: v.number(),
  pathChangedSinceRehearsal: v.nullable(v.boolean()),
  unknown: v.record(v.string(), v.string()),
  definitions: v.record(v.string(), v.string()),
});

export const DrillList = listOf(
  v.object({
    id: v.string(),
    target: v.string(),
    number: v.nullable(v.number()),
    startedAt: Time,
    outcome: v.nullable(Outcome),
    rehearsalTimerMs: Milliseconds,
    triggerToCallMs: Milliseconds,
    path: v.nullable(v.string()),
  }),
);

export const DrillView = v.object({
  id: v.string(),
  target: v.string(),
  plan: PlanName,
  number: v.nullable(v.number()),
  startedBy: v.string(),
  startedAt: v.nullable(Time),
  outcome: v.nullable(Outcome),
  reasons: v.array(v.string()),
  /** The newest state, and what the drill is doing. */
  state: v.nullable(v.string()),
  phase: v.picklist(PHASES),
  /** What people are asked for now. */
  asked: v.object({
    approval: v.nullable(
      v.object({
        until: Time,
        people: v.number(),
        given: v.number(),
        digest: v.string(),
        revision: v.string(),
      }),
    ),
    decision: v.nullable(v.object({ until: Time })),
    triggers: v.array(v.string()),
  }),
  marks: v.record(v.string(), Time),
});

/** The sealed receipt, or the small record of a drill that touched nothing. */
export const ReceiptOrRecord = v.looseObject({
  schema: v.picklist(['rollback-drill/receipt/v1', 'rollback-drill/record/v1']),
  id: v.string(),
  number: v.nullable(v.number()),
  target: v.string(),
  plan: PlanName,
  startedBy: v.string(),
  outcome: Outcome,
  reasons: v.array(v.string()),
});

export const Started = v.object({
  drill: v.string(),
  plan: v.string(),
  knownBad: v.string(),
  by: v.string(),
});

const told = { drill: v.string(), by: v.string(), reason: v.string() };

export const Reported = v.object({ ...told, kind: v.picklist(['won', 'also-observed', 'paged']) });

export const Approved = v.object({
  ...told,
  kind: v.literal('approved'),
  given: v.number(),
  needed: v.number(),
});

export const Decided = v.object({
  ...told,
  kind: v.picklist(['roll-back', 'held']),
  until: v.nullable(Time),
});

export const Aborted = v.object({ ...told, kind: v.literal('aborted'), touched: v.boolean() });

export const Document = v.looseObject({ openapi: v.string() });
