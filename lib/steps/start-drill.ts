import * as v from 'valibot';
import { drillIdAt } from '../drill/drill-id.ts';
import { missedSchedule } from '../drill/guardrails/time.ts';
import { STARTED_BY_SCHEDULE } from '../drill/people/identity.ts';
import type { Plan } from '../drill/plan/plan.ts';
import type { DrillStarts } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';

/** What a schedule sends: the name of its plan, and the time that it has fired for, not the time at which it is delivered. */
export const StartDrillInput = v.object({
  plan: v.string(),
  scheduledAt: v.pipe(v.string(), v.isoTimestamp()),
});

export interface ScheduledStart {
  readonly kind: 'started' | 'already-started' | 'missed';
  /** The drill; `null` when there is none. */
  readonly drillId: string | null;
  readonly reason: string;
}

/**
 * Starts the drill that a schedule is due for. A schedule that fires twice starts one drill: its id is that of the plan and
 * of the time. One that missed its time by more than the plan allows starts none, and whoever hears of drills is told.
 */
export async function startDrill(
  { announcer, clock, plans, starts }: StartPorts,
  { plan: name, scheduledAt }: v.InferOutput<typeof StartDrillInput>,
): Promise<ScheduledStart> {
  const plan = await plans.load(name);
  if (!plan)
    throw new PlanNotFound(
      `A schedule is due for plan '${name}', which is not deployed. Deploy the plan again.`,
    );
  const { verdict, reason } = missedSchedule(scheduledAt, plan.schedule?.startWithinMs, clock.now());
  if (verdict === 'refused') {
    await announcer.announce(plan, `Drill NOT STARTED: plan ${name}`, notStarted(plan, reason));
    return { kind: 'missed', drillId: null, reason };
  }
  const drillId = drillIdAt(name, Date.parse(scheduledAt));
  const request = { plan: name, startedBy: STARTED_BY_SCHEDULE, scheduledAt };
  const kind = (await starts.start(drillId, request)) === 'started' ? 'started' : 'already-started';
  return { kind, drillId, reason };
}

type StartPorts = Pick<Ports, 'announcer' | 'clock' | 'plans'> & { readonly starts: DrillStarts };

class PlanNotFound extends Error {
  override readonly name = 'PlanNotFound';
}

function notStarted({ name, owner }: Plan, reason: string): string {
  return [
    `The scheduled drill of plan ${name} was not started: ${reason}.`,
    `Nothing was touched. Owner of the plan: ${owner}.`,
    `It runs again at the next time of its schedule. To run it now, start the state machine with {"plan":"${name}"}.`,
  ].join('\n');
}
