import { iso } from '../drill/clock.ts';
import type { Entry } from '../drill/entry.ts';
import type { Alarm } from '../drill/guardrails/surroundings.ts';
import { lastOf, markTime } from '../drill/journal.ts';
import type { SafetySwitchState } from '../drill/safety-switch.ts';
import type { Phase } from '../drill/states.ts';
import { type Stop, stoppedBySwitch, stopReason } from '../drill/stop-conditions.ts';
import type { Sample } from '../drill/witness/sample.ts';
import type { Drill } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';
import { abort } from './abort.ts';
import { limited } from './limited.ts';
import { observe } from './observe.ts';
import { waitOf } from './witness-wait.ts';

type StopPorts = Pick<Ports, 'alarms' | 'clock' | 'journal' | 'safetySwitch' | 'waits'>;

/** What may stop a drill from outside, as it was last read; what could not be read stops nothing. */
export interface Outside {
  readonly safetySwitch: SafetySwitchState | null;
  readonly alarms: readonly Alarm[];
}

export const UNREAD: Outside = { safetySwitch: null, alarms: [] };

export const READ_OUTSIDE_EVERY_MS = 5_000;

/** A reading that takes longer is given up: the next one follows soon. */
const READING_LIMIT_MS = 4_000;

/** Reads the safety switch, and the alarms once there is something to stop. A reading that fails is on record once. */
export async function readOutside(ports: StopPorts, drill: Drill): Promise<Outside> {
  const names = HARMFUL.has(drill.phase) ? drill.plan.stopConditions.alarms : [];
  const [safetySwitch, alarms] = await Promise.all([
    reading(ports, drill, 'safety-switch', () => ports.safetySwitch.read()),
    names.length === 0 ? [] : reading(ports, drill, 'alarms', () => ports.alarms.states(names)),
  ]);
  return { safetySwitch, alarms: alarms ?? [] };
}

/**
 * Stops a drill that does more harm than its plan allows, as an abort does. Once the rollback is decided there is nothing
 * left to stop: then the harm is a gap. The safety switch stops a drill in every phase.
 */
export async function watchStopConditions(
  ports: StopPorts,
  drill: Drill,
  samples: readonly Sample[],
  { safetySwitch, alarms }: Outside,
): Promise<void> {
  if (drill.phase === 'over' || drill.abort) return;
  const switched = stoppedBySwitch(safetySwitch);
  if (switched) {
    await abort(ports, drill.opened.drillId, { by: byOf(switched), reason: switched.reason });
    return;
  }
  const deployedAt = markTime(drill.journal, 'badDeployStarted');
  if (deployedAt === null || !HARMFUL.has(drill.phase)) return;
  const stop = stopReason(drill.plan.stopConditions, { samples, deployedAt, alarms });
  if (!stop) return;
  if (STOPPABLE.has(drill.phase)) await stopDrill(ports, drill, stop);
  else await recordImpact(ports, drill, stop);
}

const STOPPABLE: ReadonlySet<Phase> = new Set(['awaiting-trigger', 'deciding']);
const HARMFUL: ReadonlySet<Phase> = new Set([...STOPPABLE, 'rolling-back', 'restoring']);

/** Only when nothing else has ended the wait: a trigger that came first leads to the same rollback, and is what was rehearsed. */
async function stopDrill(ports: StopPorts, drill: Drill, stop: Stop): Promise<void> {
  const wait = waitOf(drill);
  if (!wait) return;
  const [by, reason] = [byOf(stop), stop.reason];
  const aborted: Entry = { kind: 'aborted', key: 'aborted', by, reason, at: iso(ports.clock.now()) };
  const first = await ports.waits.signal(drill, wait, { kind: 'aborted', reason }, [aborted]);
  if (first) await ports.journal.requestAbort(drill.opened.drillId, { by, reason });
}

async function recordImpact({ journal }: StopPorts, drill: Drill, stop: Stop): Promise<void> {
  const key = `gap/impact-limit-exceeded/${stop.condition}`;
  if (lastOf(drill.journal, 'aborted') || drill.journal.some((entry) => entry.key === key)) return;
  await observe({ journal }, drill, [
    {
      kind: 'gap',
      key,
      code: 'impact-limit-exceeded',
      severity: 'serious',
      message: `users were hit harder than the plan allows before they had the healthy release back (${stop.condition})`,
      evidence: stop.reason,
    },
  ]);
}

async function reading<Answer>(
  { clock, journal }: StopPorts,
  drill: Drill,
  what: string,
  read: () => Promise<Answer>,
): Promise<Answer | null> {
  return limited(clock, READING_LIMIT_MS, read()).catch(async ({ name, message }: Error) => {
    const key = `gap/stop-condition-unreadable/${what}`;
    const gap: Entry = {
      kind: 'gap',
      key,
      code: 'stop-condition-unreadable',
      severity: 'notice',
      message: `the stop condition ${what} could not be read during the drill, and could not have stopped it then`,
      evidence: `${name}: ${message}`,
    };
    const isKnown = drill.journal.some((entry) => entry.key === key);
    // What cannot be recorded now is recorded by the next reading that fails.
    if (!isKnown) await observe({ journal }, drill, [gap]).catch(() => {});
    return null;
  });
}

function byOf({ condition }: Stop): string {
  return `stop condition ${condition}`;
}
