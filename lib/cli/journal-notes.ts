import type { Approval, Entry } from '../drill/entry.ts';
import type { Plan } from '../drill/plan/plan.ts';
import type { PipelineExecution } from '../drill/release.ts';
import type { StateName } from '../drill/states.ts';
import { setting } from '../report/duration.ts';
import { safe } from '../report/text.ts';
import { executed } from '../report/wording.ts';

/** One line about something that happened in a drill. */
export interface Note {
  readonly text: string;
  readonly tone: 'good' | 'bad' | 'plain' | 'faint';
}

/** How a moment is told, for example in seconds since the start. */
export type Tell = (iso: string) => string;

/** Evidence of a mark is on the receipt in full. */
const LONGEST_EVIDENCE = 100;

/** What an entry of the journal says to a person; `undefined` when it says nothing that its state does not say. */
export function noteOf(entry: Entry, tell: Tell): Note | undefined {
  const note = written(entry, tell);
  return note && { ...note, text: safe(entry.kind === 'call' ? note.text : withoutAccount(note.text)) };
}

/** What a name looks like without the part that is the same for everything in the account. */
export function withoutAccount(text: string): string {
  return text.replaceAll(/\barn:aws[\w-]*:[\w-]*:[\w-]*:\d*:/g, '');
}

/** What a state waits for and how long at most. */
export function expectationOf(state: StateName, plan: Plan): string | undefined {
  switch (state) {
    case 'CheckGuardrails':
      return `checks every guardrail, measures the steady state for ${setting(plan.steadyState.forMs)}`;
    case 'AwaitApproval':
      return (
        plan.guardrails.approvals &&
        `waits for approvals, at most ${setting(plan.guardrails.approvals.withinMs)}`
      );
    case 'AwaitTrigger':
      return safe(
        `watches for ${plan.triggers.map(({ name }) => name).join(', ')}, at most ${setting(plan.detectWithinMs)}`,
      );
    case 'AwaitDecision':
      return 'waits for a person’s word: drill decide --roll-back or --hold; on silence it rolls back';
    case 'UndoMigration':
      return plan.migration && `undoes the migration, at most ${setting(plan.migration.withinMs)}`;
    case 'AwaitRestored':
      return `waits for a uniform control plane and steady greens, at most ${setting(plan.restored.withinMs)}`;
    case 'Stabilise':
      return `watches the quiet period of ${setting(plan.stabiliseMs)}`;
    default:
      return undefined;
  }
}

/** The time that an entry itself names, if it names one. */
export function timeIn(entry: Entry): string | null {
  switch (entry.kind) {
    case 'step':
      return entry.enteredAt;
    case 'trigger':
      return entry.trigger.at;
    case 'validation':
      return entry.validated.endedAt;
    default:
      return 'at' in entry ? entry.at : null;
  }
}

function written(entry: Entry, tell: Tell): Note | undefined {
  switch (entry.kind) {
    case 'opened':
      return plain(
        `plan ${entry.plan.name}, known-bad release ${entry.knownBad}, started by ${entry.startedBy}`,
      );
    case 'locked':
      return plain(`${entry.resource} is locked, fence ${entry.fence}`);
    case 'guardrail':
      return entry.verdict === 'passed'
        ? faint(`✓ ${entry.name}: ${entry.reason}`)
        : bad(`✗ ${entry.name}: ${entry.reason}`);
    case 'captured':
      return plain(
        `last healthy release is ${entry.lastHealthy.taskDefinition}, ${entry.tasks} ${entry.tasks === 1 ? 'task' : 'tasks'}${through(entry.lastHealthy.execution)}`,
      );
    case 'steady-state':
      return good(entry.reason);
    case 'refused':
      return bad(`refused by ${entry.by}: ${entry.reason}`);
    case 'approval-asked':
      return plain(
        `asks ${entry.people === 1 ? '1 person' : `${entry.people} people`} to approve until ${tell(entry.until)}: drill approve`,
      );
    case 'approval':
      return entry.verdict === 'not-required' ? undefined : approval(entry);
    case 'numbered':
      return plain(`from here on this is drill ${String(entry.number).padStart(3, '0')}`);
    case 'call':
      return faint(`$ ${entry.command}`);
    case 'known-bad-deployed':
      return plain(
        `known-bad release deployed: ${entry.release.execution ? executed(entry.release.execution) : entry.deployment}`,
      );
    case 'mark':
      return plain(
        `${entry.mark} at ${tell(entry.at)} (${entry.source}): ${safe(withoutAccount(entry.evidence), LONGEST_EVIDENCE)}`,
      );
    default:
      return fromTriggerOn(entry, tell);
  }
}

type Earlier =
  | 'opened'
  | 'locked'
  | 'guardrail'
  | 'captured'
  | 'steady-state'
  | 'refused'
  | 'approval-asked'
  | 'approval'
  | 'numbered'
  | 'call'
  | 'known-bad-deployed'
  | 'mark';

function fromTriggerOn(entry: Exclude<Entry, { kind: Earlier }>, tell: Tell): Note | undefined {
  switch (entry.kind) {
    case 'trigger':
      return entry.won
        ? bad(`${entry.trigger.name}: ${entry.trigger.evidence}`)
        : faint(
            `also observed at ${tell(entry.trigger.at)}: ${entry.trigger.name}: ${entry.trigger.evidence}`,
          );
    case 'decision-asked':
      return plain(
        `asks whether to roll back until ${tell(entry.until)}, then rolls back: drill decide --roll-back`,
      );
    case 'decision':
      return plain(
        entry.until === null
          ? `${entry.by} decides to roll back: ${entry.reason}`
          : `${entry.by} holds the rollback until ${tell(entry.until)}: ${entry.reason}`,
      );
    case 'path':
      return {
        tone: PATH_TONES[entry.result],
        text: `${entry.path} ${entry.result}: ${entry.reason}${through(entry.execution)}`,
      };
    case 'migration-undone':
      return entry.result === 'undone'
        ? good(`migration undone: ${entry.reason}`)
        : bad(`migration not undone: ${entry.reason}`);
    case 'restored':
      return good(
        `restored at ${tell(entry.at)}: ${entry.greens} greens from ${tell(entry.firstGreenAt)}, control plane uniform at ${tell(entry.controlPlaneDoneAt)}`,
      );
    case 'validation':
      return {
        tone: entry.validated.verdict === 'passed' ? 'good' : 'bad',
        text: `${entry.validated.name} ${entry.validated.verdict}: ${entry.validated.reason}`,
      };
    case 'all-clear':
      return good(`all clear: ${entry.reason}`);
    case 'fault':
      return bad(`${entry.state} broke: ${entry.error}: ${entry.cause}`);
    case 'taken-over':
      return bad(`taken over by ${entry.by}: ${entry.reason}`);
    case 'paged':
      return bad(`a person was paged: ${entry.message}`);
    case 'gap':
      return {
        tone: entry.severity === 'notice' ? 'faint' : 'bad',
        text: `gap (${entry.severity}): ${entry.message}`,
      };
    case 'probes':
      return faint(`${entry.summary.total} probes, ${entry.summary.failed} failed`);
    case 'undetected':
    case 'restored-voided':
    case 'unstable':
    case 'aborted':
    case 'overtaken':
    case 'not-restored':
      return bad(`${entry.kind}: ${entry.reason}`);
    default:
      return undefined;
  }
}

function through(execution: PipelineExecution | undefined): string {
  return execution ? `, ${executed(execution)}` : '';
}

function approval({ verdict, by, reason }: Approval): Note {
  return verdict === 'approved'
    ? good(`approved by ${by}: ${reason}`)
    : bad(`approval of ${by} refused: ${reason}`);
}

const PATH_TONES = {
  accepted: 'good',
  adopted: 'good',
  'not-applicable': 'faint',
  failed: 'bad',
} as const;

function plain(text: string): Note {
  return { text, tone: 'plain' };
}

function good(text: string): Note {
  return { text, tone: 'good' };
}

function bad(text: string): Note {
  return { text, tone: 'bad' };
}

function faint(text: string): Note {
  return { text, tone: 'faint' };
}
