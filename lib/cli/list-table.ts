import type { ListedDrill } from '../ports/receipts.ts';
import { duration } from '../report/duration.ts';
import { fitted, type Output, type Paint, padded, paintOn, safe, widthOf } from '../report/text.ts';
import { OUTCOME_COLOURS } from './outcome-colours.ts';
import { bar } from './plots.ts';

const BAR_COLUMNS = 10;
const NARROWEST_TARGET = 12;
const BETWEEN = '  ';

/**
 * Drills one below the other. A terminal gets only what it has the columns for; a pipe or a file gets everything, with the
 * target in every line.
 */
export function listTable(drills: readonly ListedDrill[], open: 'running' | 'open', out: Output): string {
  const paint = paintOn(out);
  const room = out.isTTY ? (out.columns ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
  const targets = new Set(drills.map(({ target }) => target));
  const isAlone = out.isTTY === true && targets.size === 1;
  const all = columnsFor(drills, open, paint);
  const columns = inRoom(
    all.filter(({ title }) => title !== (isAlone ? 'TARGET' : '') && (title !== BAR || out.isTTY)),
    room,
  );
  const rows = drills.map((_, row) =>
    columns
      .map((column) => cellIn(column, row))
      .join(BETWEEN)
      .trimEnd(),
  );
  const head = columns.map((column) => aligned(column, column.title)).join(BETWEEN);
  const title = isAlone ? [paint('bold', fitted(safe([...targets][0] ?? ''), room))] : [];
  return [...title, paint('dim', head.trimEnd()), ...rows].join('\n');
}

interface Column {
  readonly title: string;
  readonly cells: readonly string[];
  readonly width: number;
  readonly isRight?: boolean;
  readonly colours?: readonly Parameters<Paint>[0][];
  readonly paint: Paint;
  /** 0 for what every line needs; of what it can do without, the lowest comes first. */
  readonly spare: number;
}

const BAR = '';

function columnsFor(drills: readonly ListedDrill[], open: string, paint: Paint): readonly Column[] {
  const slowest = Math.max(0, ...drills.map(({ rehearsalTimerMs }) => rehearsalTimerMs ?? 0));
  const column = (
    title: string,
    tell: (drill: ListedDrill) => string,
    more: Partial<Column> = {},
  ): Column => {
    const cells = drills.map(tell);
    return { title, cells, width: Math.max(...[title, ...cells].map(widthOf)), paint, spare: 0, ...more };
  };
  return [
    column('TARGET', ({ target }) => safe(target)),
    column('#', ({ number }) => (number === null ? '—' : `#${String(number).padStart(3, '0')}`)),
    column('OUTCOME', ({ outcome }) => outcome ?? open, {
      colours: drills.map(({ outcome }) => (outcome === null ? 'yellow' : OUTCOME_COLOURS[outcome])),
    }),
    column('TIMER', ({ rehearsalTimerMs: ms }) => (ms === null ? '—' : duration(ms)), { isRight: true }),
    column(BAR, ({ rehearsalTimerMs: ms }) => bar(ms ?? 0, slowest, BAR_COLUMNS), {
      width: BAR_COLUMNS,
      spare: 2,
    }),
    column('STARTED (UTC)', ({ startedAt }) => startedAt.slice(0, 19).replace('T', ' ')),
    column('ID', ({ id }) => safe(id)),
    column('PATH', ({ path }) => safe(path ?? '—'), { spare: 1 }),
  ];
}

/** What can be done without comes where there is room for it; of long targets the end goes, ids are there to be copied whole. */
function inRoom(columns: readonly Column[], room: number): readonly Column[] {
  const needed = columns.filter(({ spare }) => spare === 0);
  const over = widthOfAll(needed) - room;
  if (over > 0) return needed.map((column) => (column.title === 'TARGET' ? narrower(column, over) : column));
  const kept = [...needed];
  const spare = columns.filter((column) => column.spare > 0);
  for (const column of spare.toSorted((a, b) => a.spare - b.spare))
    if (widthOfAll([...kept, column]) <= room) kept.push(column);
  return columns.filter((column) => kept.includes(column));
}

function narrower(column: Column, by: number): Column {
  return { ...column, width: Math.min(column.width, Math.max(NARROWEST_TARGET, column.width - by)) };
}

function widthOfAll(columns: readonly Column[]): number {
  return columns.reduce((sum, { width }) => sum + width + BETWEEN.length, -BETWEEN.length);
}

function cellIn(column: Column, row: number): string {
  const text = aligned(column, fitted(column.cells[row] ?? '', column.width));
  const colour = column.colours?.[row];
  return colour === undefined ? text : column.paint(colour, text);
}

function aligned({ width, isRight }: Column, text: string): string {
  return isRight ? ' '.repeat(Math.max(0, width - widthOf(text))) + text : padded(text, width);
}
