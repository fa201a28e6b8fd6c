import { iso } from '../drill/clock.ts';
import { entriesOf, lastOf } from '../drill/journal.ts';
import type { Identity } from '../drill/people/identity.ts';
import { LONGEST_REASON } from '../drill/people/people.ts';
import { anyOf } from '../drill/plan/message.ts';
import type { Drill } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';
import { AFTER_DEPLOYMENT, reportTriggers } from './report-triggers.ts';

type ReportPorts = Pick<Ports, 'announcer' | 'clock' | 'journal' | 'waits'>;

export interface Report {
  readonly name: string;
  readonly by: Identity;
  /** What the person has seen. */
  readonly evidence: string;
}

export interface Reported {
  readonly kind: 'won' | 'also-observed' | 'paged' | 'refused';
  readonly reason: string;
}

/** A person reports a trigger; its time is when it is reported. The first one that asks for a rollback wins. Throws `DrillNotFound`. */
export async function reportTrigger(
  ports: ReportPorts,
  drillId: string,
  { name, by, evidence }: Report,
): Promise<Reported> {
  const drill = await ports.journal.read(drillId);
  const whyNot = refusalOf(drill, name);
  const trigger = drill.plan.triggers.find((planned) => planned.name === name);
  if (whyNot !== undefined || !trigger) return { kind: 'refused', reason: whyNot ?? '' };
  const at = iso(ports.clock.now());
  const observed = { name, observedBy: 'person', at, source: 'person', by: by.name } as const;
  const { budgetMs } = trigger;
  await reportTriggers(ports, drill, [
    { ...observed, evidence: evidence.slice(0, LONGEST_REASON), budgetMs },
  ]);
  if (trigger.action === 'page-only') return page(ports, drill, name, `reported by ${by.name}: ${evidence}`);
  const { journal } = await ports.journal.read(drillId);
  const won = entriesOf(journal, 'trigger').some((entry) => entry.won && entry.trigger.name === name);
  return won
    ? { kind: 'won', reason: `trigger ${name} is observed at ${at}, reported by ${by.name}` }
    : { kind: 'also-observed', reason: `another trigger was first; ${name} is kept beside it` };
}

function refusalOf({ plan, journal, phase }: Drill, name: string): string | undefined {
  const reportable = plan.triggers.filter(({ observedBy }) => observedBy === 'person');
  const names =
    reportable.length > 0
      ? `a person can report ${anyOf(reportable.map((trigger) => trigger.name))}`
      : 'none of the plan’s triggers is observed by a person';
  const trigger = plan.triggers.find((planned) => planned.name === name);
  if (!trigger) return `the plan has no trigger ${name}; ${names}`;
  if (trigger.observedBy !== 'person')
    return `trigger ${name} is observed by ${trigger.observedBy}; ${names}`;
  const before = entriesOf(journal, 'trigger').find((entry) => entry.trigger.name === name)?.trigger;
  if (before) return `trigger ${name} was reported at ${before.at} by ${before.by} already`;
  if (AFTER_DEPLOYMENT.has(phase)) return undefined;
  return `the drill awaits no trigger; it is in ${lastOf(journal, 'step')?.name ?? 'LoadPlan'}`;
}

async function page(
  { announcer }: ReportPorts,
  drill: Drill,
  name: string,
  message: string,
): Promise<Reported> {
  await announcer.announce(drill.plan, `PAGE: trigger ${name} of drill ${drill.opened.drillId}`, message);
  return { kind: 'paged', reason: `trigger ${name} pages, and does not roll back by itself` };
}
