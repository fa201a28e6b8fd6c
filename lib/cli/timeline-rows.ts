import type { Entry, EntryOf } from '../drill/entry.ts';
import { entriesOf, lastOf } from '../drill/journal.ts';
import type { Drill } from '../ports/drills.ts';
import { elapsed } from '../report/duration.ts';
import { fitted, type Paint, padded, safe } from '../report/text.ts';
import { expectationOf, noteOf, timeIn, withoutAccount } from './journal-notes.ts';
import { STATE_COLUMNS, TONES } from './timeline-style.ts';

export interface Picture {
  readonly now: number;
  readonly startedAt: number;
  readonly columns: number;
  readonly mostRows: number;
  readonly paint: Paint;
}

/** One stay in a state, with what was recorded meanwhile. */
interface Visit {
  readonly step: EntryOf<'step'>;
  readonly entries: readonly Entry[];
  readonly from: number;
  readonly to: number;
  readonly sign: 'done' | 'broken' | 'running';
}

const SPINNER = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const DURATION_COLUMNS = 8;
const NARROWEST_WITH_BARS = 72;

/** The drill as lines that fit: a head, one row for each stay in a state, and the moments that matter. */
export function liveLines(drill: Drill, picture: Picture): readonly string[] {
  const head = headOf(drill, picture);
  const visits = visitsOf(drill, picture.now);
  const rows = visits.map((visit) => rowOf(visit, drill, picture));
  const moments = momentsOf(drill, picture);
  return folded(head, rows, moments.length > 0 ? ['', ...moments] : [], picture);
}

/** Old states go first, then the moments; the head and the newest state stay. */
function folded(
  head: string,
  rows: readonly string[],
  moments: readonly string[],
  { mostRows, paint }: Pick<Picture, 'mostRows' | 'paint'>,
): readonly string[] {
  const all = [head, ...rows, ...moments];
  if (all.length <= mostRows) return all;
  const room = mostRows - 2 - moments.length;
  if (room < 1 && moments.length > 0) return folded(head, rows, [], { mostRows, paint });
  if (room < 1) return [head, ...rows.slice(-1)];
  const hidden = rows.length - room;
  return [head, paint('dim', `  … ${hidden} earlier states`), ...rows.slice(-room), ...moments];
}

function headOf({ opened, journal }: Drill, { now, startedAt, columns, paint }: Picture): string {
  const number = lastOf(journal, 'numbered')?.number;
  const name = safe(opened.target) + (number === undefined ? '' : `#${String(number).padStart(3, '0')}`);
  const rest = safe(
    `plan ${opened.plan.name} · known-bad ${opened.knownBad} · ${elapsed(now - startedAt).trim()}`,
  );
  const room = columns - 1;
  const title = fitted(name, room);
  return `${paint('bold', title)}${paint('dim', fitted(`  ${rest}`, Math.max(0, room - title.length)))}`;
}

function visitsOf({ journal, phase }: Drill, now: number): readonly Visit[] {
  const steps = entriesOf(journal, 'step');
  const closedAt = lastOf(journal, 'closing')?.at;
  return steps.map((step, index) => {
    const next = steps[index + 1];
    const entries = journal.slice(journal.indexOf(step) + 1, next ? journal.indexOf(next) : undefined);
    const end = next?.enteredAt ?? closedAt;
    return {
      step,
      entries,
      from: Date.parse(step.enteredAt),
      to: end === undefined ? now : Date.parse(end),
      sign: signOf(step, entries, journal, end !== undefined || phase === 'over'),
    };
  });
}

function signOf(
  { name }: EntryOf<'step'>,
  entries: readonly Entry[],
  journal: readonly Entry[],
  isOver: boolean,
): Visit['sign'] {
  if (entriesOf(journal, 'fault').some((fault) => fault.state === name)) return 'broken';
  if (entries.some((entry) => BROKEN_BY.has(entry.kind))) return 'broken';
  return isOver ? 'done' : 'running';
}

const BROKEN_BY: ReadonlySet<Entry['kind']> = new Set([
  'refused',
  'undetected',
  'overtaken',
  'not-restored',
  'restored-voided',
  'unstable',
]);

function rowOf(visit: Visit, drill: Drill, picture: Picture): string {
  const { columns, paint } = picture;
  const barColumns = columns < NARROWEST_WITH_BARS ? 0 : Math.min(24, Math.floor(columns / 8));
  const duration = elapsed(visit.to - visit.from).padStart(DURATION_COLUMNS);
  const taken = 2 + STATE_COLUMNS + 1 + DURATION_COLUMNS + 1 + (barColumns > 0 ? barColumns + 1 : 0);
  const note = aboutVisit(visit, drill, picture);
  const told = fitted(note.text, Math.max(0, columns - 1 - taken));
  const bar = barColumns > 0 ? `${paint(SIGNS[visit.sign].colour, barOf(visit, picture, barColumns))} ` : '';
  const sign = visit.sign === 'running' ? spinner(picture.now) : SIGNS[visit.sign].sign;
  const state = fitted(padded(visit.step.name, STATE_COLUMNS), Math.max(1, columns - 3));
  if (taken > columns) return `${paint(SIGNS[visit.sign].colour, sign)} ${state}`;
  return `${paint(SIGNS[visit.sign].colour, sign)} ${state} ${paint('dim', duration)} ${bar}${paint(TONES[note.tone], told)}`;
}

const SIGNS = {
  done: { sign: '✓', colour: 'green' },
  broken: { sign: '✗', colour: 'red' },
  running: { sign: ' ', colour: 'cyan' },
} as const;

function spinner(now: number): string {
  return SPINNER[Math.floor(now / 100) % SPINNER.length] ?? ' ';
}

/** Where in the whole drill the state lies, and how much of it it took. */
function barOf({ from, to }: Visit, { now, startedAt }: Picture, columns: number): string {
  const perColumn = Math.max(1, now - startedAt) / columns;
  const first = clamped(Math.floor((from - startedAt) / perColumn), columns - 1);
  const end = clamped(Math.ceil((to - startedAt) / perColumn), columns);
  return padded(' '.repeat(first) + '━'.repeat(Math.max(1, end - first)), columns);
}

function clamped(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}

/** What was decided in the state comes last; guardrails that passed are only counted. */
function aboutVisit(
  visit: Visit,
  { plan }: Drill,
  { startedAt }: Picture,
): { text: string; tone: keyof typeof TONES } {
  const tell = (iso: string) => elapsed(Date.parse(iso) - startedAt).trim();
  const passed = entriesOf(visit.entries, 'guardrail').filter(({ verdict }) => verdict === 'passed').length;
  const notes = visit.entries.filter(tells).flatMap((entry) => rowNote(entry, tell) ?? []);
  const worst = notes.findLast(({ tone }) => tone === 'bad') ?? notes.at(-1);
  const counted = passed > 0 ? `${passed} guardrails passed` : '';
  const expected = visit.sign === 'running' && !worst ? expectationOf(visit.step.name, plan) : undefined;
  return {
    text: [counted, worst?.text ?? expected].filter(Boolean).join('; '),
    tone: worst?.tone ?? 'faint',
  };
}

function rowNote(entry: Entry, tell: (iso: string) => string) {
  if (entry.kind !== 'mark') return noteOf(entry, tell);
  return { text: safe(`decided on ${withoutAccount(entry.evidence)}`), tone: 'plain' } as const;
}

/** Commands and other marks have their own place, and a passed guardrail is counted. */
function tells(entry: Entry): boolean {
  if (entry.kind === 'guardrail') return entry.verdict === 'refused';
  if (entry.kind === 'mark') return entry.mark === 'rollbackDecided';
  return entry.kind !== 'call' && entry.kind !== 'captured' && entry.kind !== 'probes';
}

function momentsOf({ journal }: Drill, { startedAt, columns, paint }: Picture): readonly string[] {
  const moments = journal.flatMap((entry) => {
    const name = momentIn(entry);
    const at = timeIn(entry);
    return name === undefined || at === null ? [] : [{ name, ms: Date.parse(at) - startedAt }];
  });
  return moments
    .toSorted((a, b) => a.ms - b.ms)
    .map(
      ({ name, ms }) => `  ${paint('dim', elapsed(ms))}  ${fitted(safe(name), Math.max(0, columns - 12))}`,
    );
}

/** The moments between which the figures are measured. */
function momentIn(entry: Entry): string | undefined {
  switch (entry.kind) {
    case 'mark':
      return entry.mark === 'rollbackDecided'
        ? undefined
        : `${entry.mark} (${entry.source}): ${withoutAccount(entry.evidence)}`;
    case 'trigger':
      return entry.won ? `triggerObserved (${entry.trigger.source}): ${entry.trigger.name}` : undefined;
    case 'restored':
      return `restored (${entry.source}): first of ${entry.greens} greens, control plane uniform`;
    case 'aborted':
      return `aborted by ${entry.by}`;
    default:
      return undefined;
  }
}
