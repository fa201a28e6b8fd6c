import { iso } from '../drill/clock.ts';
import type { Entry } from '../drill/entry.ts';
import { entriesOf, lastOf } from '../drill/journal.ts';
import { decisionWait, judgeWord, openUntil, type Word } from '../drill/people/decision.ts';
import type { Identity } from '../drill/people/identity.ts';
import { LONGEST_REASON } from '../drill/people/people.ts';
import type { Drill } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';

type DecidePorts = Pick<Ports, 'clock' | 'journal' | 'waits'>;

export interface Said {
  readonly by: Identity;
  readonly word: Word;
  readonly reason: string;
}

export interface Decided {
  readonly kind: 'roll-back' | 'held' | 'refused';
  readonly reason: string;
  /** Until when the rollback is held; `null` when it is not. */
  readonly until: string | null;
}

/** Others may hold at the same moment; a person's word is then judged again, this often. */
const MOST_TURNS = 5;

/** A person's word in a drill that asks whether to roll back. Throws `DrillNotFound`. */
export async function decide(ports: DecidePorts, drillId: string, said: Said): Promise<Decided> {
  for (let turn = 1; turn <= MOST_TURNS; turn++) {
    const drill = await ports.journal.read(drillId);
    const now = ports.clock.now();
    const judged = judgeWord(said.word, { rollback: drill.plan.rollback, journal: drill.journal }, now);
    if (judged.kind === 'refused') return { ...judged, until: openUntil(drill.journal) };
    const { until } = judged;
    const told = tell(said, until);
    const wait = decisionWait(drill.journal);
    const word = entryOf(drill, said, until, momentOf(drill, now));
    if (await ports.waits.signal(drill, wait, told, [word]))
      return { ...told, kind: until === null ? 'roll-back' : 'held', until };
  }
  return { kind: 'refused', reason: 'the drill was told something else at the same moment', until: null };
}

/** Nobody answers before being asked: a clock that says so is wrong. */
function momentOf({ journal }: Drill, now: number): string {
  const asked = lastOf(journal, 'decision-asked');
  return iso(Math.max(now, asked ? Date.parse(asked.at) : 0));
}

function tell({ by, reason }: Said, until: string | null): { kind: 'confirmed' | 'held'; reason: string } {
  if (until === null) return { kind: 'confirmed', reason: `confirmed by ${by.name}: ${reason}` };
  return { kind: 'held', reason: `held by ${by.name} until ${until}: ${reason}` };
}

function entryOf({ journal }: Drill, { by, reason }: Said, until: string | null, at: string): Entry {
  return {
    kind: 'decision',
    key: `decision/${entriesOf(journal, 'decision').length}`,
    verdict: until === null ? 'roll-back' : 'hold',
    by: by.name,
    arn: by.arn,
    at,
    until,
    reason: reason.slice(0, LONGEST_REASON),
  };
}
