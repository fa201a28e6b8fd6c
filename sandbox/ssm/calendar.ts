import { isTimeZone, nearestInstantOf } from '../scheduler/wall-clock.ts';

/** A change calendar: its state outside its events, and the events that turn it. */
export interface Calendar {
  readonly standing: CalendarState;
  readonly events: readonly Period[];
}

export type CalendarState = 'OPEN' | 'CLOSED';

/** From its start until just before its end, in epoch milliseconds. */
interface Period {
  readonly startMs: number;
  readonly endMs: number;
}

interface Line {
  readonly name: string;
  readonly parameters: string;
  readonly value: string;
}

const STANDING: Readonly<Record<string, CalendarState>> = { DEFAULT_OPEN: 'OPEN', DEFAULT_CLOSED: 'CLOSED' };
const UNSUPPORTED = ['RRULE', 'RDATE', 'EXDATE', 'DURATION'];

/** Reads iCalendar text. Throws an error that says what is wrong with it, or what the sandbox cannot follow. */
export function parseCalendar(content: string): Calendar {
  const lines = unfolded(content);
  if (lines[0]?.name !== 'BEGIN' || lines[0].value !== 'VCALENDAR')
    throw new Error(
      `The calendar must begin with BEGIN:VCALENDAR; it begins with '${content.slice(0, 40)}'.`,
    );
  const type = lines.find(({ name }) => name === 'X-CALENDAR-TYPE')?.value ?? '';
  const standing = Object.hasOwn(STANDING, type) ? STANDING[type] : undefined;
  if (!standing)
    throw new Error(`X-CALENDAR-TYPE must be DEFAULT_OPEN or DEFAULT_CLOSED; received '${type}'.`);
  return { standing, events: eventsOf(lines).map(periodOf) };
}

/** Several calendars are open together only while each of them is. */
export function stateAt(calendars: readonly Calendar[], atMs: number): CalendarState {
  return calendars.every((calendar) => stateOf(calendar, atMs) === 'OPEN') ? 'OPEN' : 'CLOSED';
}

/** When the state will be another than it is; `undefined` for never. */
export function nextTransition(calendars: readonly Calendar[], atMs: number): number | undefined {
  const state = stateAt(calendars, atMs);
  const edges = calendars.flatMap(({ events }) => events.flatMap(({ startMs, endMs }) => [startMs, endMs]));
  return edges
    .filter((edgeMs) => edgeMs > atMs)
    .sort((a, b) => a - b)
    .find((edgeMs) => stateAt(calendars, edgeMs) !== state);
}

function stateOf({ standing, events }: Calendar, atMs: number): CalendarState {
  const inEvent = events.some(({ startMs, endMs }) => startMs <= atMs && atMs < endMs);
  const turned = standing === 'OPEN' ? 'CLOSED' : 'OPEN';
  return inEvent ? turned : standing;
}

/** A line that begins with a space or tab goes on with the one before it. */
function unfolded(content: string): readonly Line[] {
  const lines = content
    .replace(/\r?\n[ \t]/g, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const [, name = '', parameters = '', value = ''] = line.match(/^([\w-]+)((?:;[^:]*)?):(.*)$/) ?? [];
    return { name: name.toUpperCase(), parameters, value: value.trim() };
  });
}

function eventsOf(lines: readonly Line[]): readonly (readonly Line[])[] {
  const isEdge = (edge: string) => (line: Line) => line.name === edge && line.value === 'VEVENT';
  const begins = lines.flatMap((line, index) => (isEdge('BEGIN')(line) ? [index] : []));
  return begins.map((begin) => {
    const length = lines.slice(begin).findIndex(isEdge('END'));
    if (length < 0) throw new Error('A VEVENT has no END:VEVENT.');
    return lines.slice(begin + 1, begin + length);
  });
}

function periodOf(event: readonly Line[]): Period {
  const repeated = event.find(({ name }) => UNSUPPORTED.includes(name));
  if (repeated)
    throw new Error(
      `${repeated.name} is not supported by the sandbox; an event has a DTSTART and a DTEND, and occurs once.`,
    );
  const of = (name: string) => instantOf(event.find((line) => line.name === name) ?? missing(name));
  const period = { startMs: of('DTSTART'), endMs: of('DTEND') };
  if (period.endMs > period.startMs) return period;
  throw new Error('DTEND of a VEVENT must be after its DTSTART.');
}

function missing(name: string): never {
  throw new Error(`A VEVENT has no ${name}.`);
}

/** `20261221T090000Z`, or without the Z in the time zone that `TZID` names. */
function instantOf({ name, parameters, value }: Line): number {
  const [, year, month, day, hours, minutes, seconds, utc] =
    value.match(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(Z?)$/) ?? [];
  const shownMs = Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`);
  const timeZone = parameters.match(/;TZID="?([^";]+)/i)?.[1];
  if (utc === 'Z' && !Number.isNaN(shownMs)) return shownMs;
  if (!Number.isNaN(shownMs) && timeZone && isTimeZone(timeZone)) return nearestInstantOf(shownMs, timeZone);
  throw new Error(
    `${name}${parameters}:${value} is no time; allowed are 20261221T090000Z and ;TZID=Europe/Berlin:20261221T100000.`,
  );
}
