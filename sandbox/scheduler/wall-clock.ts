/** Wall-clock times are written as the epoch milliseconds at which UTC shows the same time. */

const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

export function isTimeZone(timeZone: string): boolean {
  try {
    return formatOf(timeZone) !== undefined;
  } catch {
    return false;
  }
}

/** What a clock in the time zone shows, in whole seconds. */
export function wallClockOf(instantMs: number, timeZone: string): number {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(instantMs)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
}

/** The first instant at which the clock shows this time; `undefined` when it skips it for daylight saving. */
export function instantOf(wallClockMs: number, timeZone: string): number | undefined {
  const candidates = [wallClockMs - DAY_MS, wallClockMs + DAY_MS]
    .map((nearby) => wallClockMs - offsetMs(nearby, timeZone))
    .filter((instantMs) => wallClockOf(instantMs, timeZone) === wallClockMs);
  return candidates.length > 0 ? Math.min(...candidates) : undefined;
}

/** Like {@link instantOf}, but a skipped time is as much later as the clock was put forward. */
export function nearestInstantOf(wallClockMs: number, timeZone: string): number {
  return instantOf(wallClockMs, timeZone) ?? wallClockMs - offsetMs(wallClockMs - DAY_MS, timeZone);
}

function offsetMs(instantMs: number, timeZone: string): number {
  return wallClockOf(instantMs, timeZone) - Math.floor(instantMs / 1000) * 1000;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const digits = { month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    second: 'numeric',
    ...digits,
  });
  formats.set(timeZone, format);
  return format;
}
