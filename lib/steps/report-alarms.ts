import type { Entry } from '../drill/entry.ts';
import type { Alarm } from '../drill/guardrails/surroundings.ts';
import { markTime } from '../drill/journal.ts';
import type { Plan } from '../drill/plan/plan.ts';
import { firedByAlarms } from '../drill/witness/fired.ts';
import type { Drill } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';
import { limited } from './limited.ts';
import { observe } from './observe.ts';
import { AFTER_DEPLOYMENT, reportTriggers } from './report-triggers.ts';

type AlarmPorts = Pick<Ports, 'alarms' | 'clock' | 'journal'>;

/** A reading that takes longer is given up: events and the next reading tell the same. */
const READING_LIMIT_MS = 4_000;

/** The alarms that triggers of the plan name. */
export function alarmsOfTriggers({ triggers }: Plan): readonly string[] {
  return triggers.flatMap(({ condition }) => (condition.kind === 'alarm' ? [condition.alarm] : []));
}

/** Reads the alarms of the triggers while they say something about the known-bad release. A reading that fails is on record once. */
export async function readTriggerAlarms(ports: AlarmPorts, drill: Drill): Promise<readonly Alarm[]> {
  const names = AFTER_DEPLOYMENT.has(drill.phase) ? alarmsOfTriggers(drill.plan) : [];
  if (names.length === 0) return [];
  return limited(ports.clock, READING_LIMIT_MS, ports.alarms.states(names)).catch(async (error: Error) => {
    // What cannot be recorded now is recorded by the next reading that fails.
    await observe(ports, drill, [unreadable(error)]).catch(() => {});
    return [];
  });
}

/** Stores the triggers that these alarms fire. `source` is where their states come from. */
export async function reportAlarms(
  ports: Pick<Ports, 'journal' | 'waits'>,
  drill: Drill,
  alarms: readonly Alarm[],
  source: 'api' | 'event',
): Promise<void> {
  const deployedAt = markTime(drill.journal, 'badDeployStarted');
  if (deployedAt === null) return;
  await reportTriggers(ports, drill, firedByAlarms(drill.plan.triggers, alarms, { deployedAt, source }));
}

function unreadable({ name, message }: Error): Entry {
  const code = 'trigger-unreadable';
  return {
    kind: 'gap',
    key: `gap/${code}/alarms`,
    code,
    severity: 'notice',
    message:
      'the alarms of the triggers could not be read during the drill: what events did not tell was not seen then',
    evidence: `${name}: ${message}`,
  };
}
