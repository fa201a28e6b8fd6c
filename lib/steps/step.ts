import type { Entry, EntryOf } from '../drill/entry.ts';
import { entriesOf, lastOf } from '../drill/journal.ts';
import { silence } from '../drill/people/approval.ts';
import type { StateName } from '../drill/states.ts';
import type { Drill } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';
import { isTimeLimit, type StepInput } from './input.ts';

/** The entry that a state was entered; its next visit is another attempt. */
export function entered(
  name: StateName,
  attempt: number,
  { enteredAt, retries }: Pick<StepInput, 'enteredAt' | 'retries'>,
): Entry {
  return {
    kind: 'step',
    key: `step/${name}/${enteredAt}/${retries}`,
    name,
    attempt,
    enteredAt,
    executions: retries + 1,
  };
}

/** Reads the drill, and what is to be recorded of its coming into the state, before anything is done there. */
export async function arrive(
  { journal }: Pick<Ports, 'journal'>,
  name: StateName,
  input: StepInput,
): Promise<{ drill: Drill; entries: readonly Entry[] }> {
  const drill = await journal.read(input.drillId);
  const visits = new Set(visitsOf(drill.journal, name).map(({ enteredAt }) => enteredAt));
  visits.delete(input.enteredAt);
  return { drill, entries: [entered(name, visits.size + 1, input), ...ledHere(drill, input)] };
}

/** Records that the state was entered, and the fault that led there, if one did. */
export async function enter(
  ports: Pick<Ports, 'journal'>,
  name: StateName,
  input: StepInput,
): Promise<Drill> {
  const { drill, entries } = await arrive(ports, name, input);
  await ports.journal.append(drill, entries);
  return { ...drill, journal: [...drill.journal, ...entries] };
}

export function visitsOf(journal: readonly Entry[], name: StateName): readonly EntryOf<'step'>[] {
  return entriesOf(journal, 'step').filter((step) => step.name === name);
}

/** The fault that led to the state; or that too few people had approved the drill in time. */
function ledHere({ journal }: Drill, { previous, enteredAt }: StepInput): readonly Entry[] {
  if (previous.kind !== 'fault') return [];
  const wasAsked = previous.state !== 'AwaitApproval' || lastOf(journal, 'approval-asked') !== undefined;
  if (isTimeLimit(previous) && wasAsked) {
    if (previous.state !== 'AwaitApproval') return [];
    return [{ kind: 'refused', key: 'refused/approval', by: 'approval', reason: silence(journal) }];
  }
  const { state = 'a state', error = 'Unknown', cause = '' } = previous;
  return [{ kind: 'fault', key: `fault/${state}/${enteredAt}`, state, error, cause: cause.slice(0, 2000) }];
}
