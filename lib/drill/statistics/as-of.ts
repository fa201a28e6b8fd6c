import { iso } from '../clock.ts';
import { DAY_MS } from './readiness.ts';

/** A text that is no day, time or span; the message says what was received and what is allowed. */
export class TimeError extends Error {
  override readonly name = 'TimeError';
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?Z$/;
const SPAN = /^(\d{1,4})([dh])$/;

/** A day stands for its last millisecond, so that its own drills count. Epoch milliseconds, UTC. */
export function asOfFrom(text: string): number {
  const time = timeIn(text, 'T23:59:59.999Z');
  if (time !== undefined) return time;
  throw new TimeError(
    `${shown(text)} is no day. Write 2026-11-03, or a time in UTC such as 2026-11-03T10:00:00Z.`,
  );
}

/** Where a window begins: `90d` or `12h` before `asOf`, or a day or time of its own. ISO 8601. */
export function sinceFrom(text: string, asOf: number): string {
  const span = SPAN.exec(text);
  if (span) return iso(asOf - Number(span[1]) * (span[2] === 'd' ? DAY_MS : DAY_MS / 24));
  const time = timeIn(text, 'T00:00:00.000Z');
  if (time !== undefined) return iso(time);
  throw new TimeError(
    `${shown(text)} is no span and no day. Write 90d, 12h, 2026-08-01, or a time in UTC such as 2026-08-01T10:00:00Z.`,
  );
}

/** `undefined` also for a day that the calendar does not have. */
function timeIn(text: string, ofDay: string): number | undefined {
  if (!DAY.test(text) && !TIME.test(text)) return undefined;
  const time = Date.parse(DAY.test(text) ? `${text}${ofDay}` : text);
  return Number.isFinite(time) && iso(time).startsWith(text.slice(0, 10)) ? time : undefined;
}

function shown(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
