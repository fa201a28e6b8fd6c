import { iso } from '../drill/clock.ts';
import type { Entry } from '../drill/entry.ts';
import { WITNESS_SILENCE_MS } from '../drill/limits.ts';
import { type Answer, answerTo, type Heard } from '../drill/people/decision.ts';
import type { Ports } from '../ports/ports.ts';
import { type Decision, isTimeLimit, isUndetected, type StepInput } from './input.ts';
import { arrive } from './step.ts';

/** To ask a person comes with the time limits of the wait, in whole seconds. */
export interface RollbackDecision extends Decision {
  readonly waitSeconds?: number;
  readonly silenceSeconds?: number;
}

/**
 * Decides to roll back: on a trigger, on an abort, on a fault, and when the bad release went undetected. Where the plan wants
 * a person to confirm it, a trigger is asked about first; silence rolls back.
 */
export async function decideRollback(
  ports: Pick<Ports, 'clock' | 'journal'>,
  input: StepInput,
): Promise<RollbackDecision> {
  const { drill, entries } = await arrive(ports, 'DecideRollback', input);
  const now = ports.clock.now();
  const facts = {
    rollback: drill.plan.rollback,
    journal: drill.journal,
    aborted: drill.abort !== null,
  };
  const answer = answerTo(heardFrom(input.previous), facts, now);
  const more =
    answer.kind === 'ask'
      ? [asked(answer, now)]
      : [decided(answer, now), ...undetected(input.previous, drill.plan.detectWithinMs)];
  await Promise.all([
    ports.journal.append(drill, [...entries, ...more]),
    ports.journal.enter(input.drillId, answer.kind === 'ask' ? 'deciding' : 'rolling-back'),
  ]);
  const { kind, reason } = answer;
  return answer.kind === 'ask' ? { kind, reason, ...limitsOf(answer, now) } : { kind, reason };
}

function heardFrom(previous: StepInput['previous']): Heard {
  if (isUndetected(previous)) return { kind: 'undetected', reason: 'the bad release went undetected' };
  if (isTimeLimit(previous)) return { kind: 'silence', reason: '' };
  const { kind, reason = '' } = previous;
  if (kind === 'fault') return { kind, reason: `${previous.state} broke: ${previous.error}` };
  return { kind, reason: `${kind}: ${reason}` };
}

/** Asked again after a hold, or run again, it keeps the first question: limits are counted from there. */
function asked({ until, reason }: Extract<Answer, { kind: 'ask' }>, now: number): Entry {
  return { kind: 'decision-asked', key: 'decision-asked', at: iso(now), until, reason };
}

/** A person's decision counts from when it was made. */
function decided({ by, reason }: Extract<Answer, { kind: 'roll-back' }>, now: number): Entry {
  return {
    kind: 'mark',
    key: 'mark/rollbackDecided',
    mark: 'rollbackDecided',
    at: by?.at ?? iso(now),
    source: by ? 'person' : 'orchestrator',
    evidence: reason,
  };
}

function undetected(previous: StepInput['previous'], detectWithinMs: number): readonly Entry[] {
  if (!isUndetected(previous)) return [];
  const reason = `no trigger fired within ${detectWithinMs} ms`;
  return [{ kind: 'undetected', key: 'undetected', reason }];
}

/** Step Functions wants whole seconds, at least one, and a heartbeat's limit below that of its wait. */
function limitsOf(
  { until }: Extract<Answer, { kind: 'ask' }>,
  now: number,
): Pick<RollbackDecision, 'waitSeconds' | 'silenceSeconds'> {
  const waitSeconds = Math.max(2, Math.ceil((Date.parse(until) - now) / 1000));
  return { waitSeconds, silenceSeconds: Math.min(WITNESS_SILENCE_MS / 1000, waitSeconds - 1) };
}
