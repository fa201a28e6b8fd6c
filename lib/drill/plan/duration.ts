/** A text that is no duration; the message says what was received and what is allowed. */
export class DurationError extends Error {
  override readonly name = 'DurationError';
}

const UNITS = [
  { unit: 'h', ms: 3_600_000 },
  { unit: 'm', ms: 60_000 },
  { unit: 's', ms: 1_000 },
  { unit: 'ms', ms: 1 },
] as const;

/** Each unit at most once, the larger before the smaller; nine digits keep every duration a safe integer. */
export const DURATION_FORM = /^(?=\d)(?:(\d{1,9})h)?(?:(\d{1,9})m(?!s))?(?:(\d{1,9})s)?(?:(\d{1,9})ms)?$/;

/** Reads `90s`, `5m`, `250ms`, `2h` or `1m30s` as milliseconds; throws a DurationError for anything else. */
export function parseDuration(text: string): number {
  const counts = DURATION_FORM.exec(text);
  if (!counts)
    throw new DurationError(
      `${shown(text)} is no duration. Write whole numbers with h, m, s or ms: 90s, 5m, 1m30s, 250ms.`,
    );
  return UNITS.reduce((sum, { ms }, index) => sum + Number(counts[index + 1] ?? 0) * ms, 0);
}

/** The shortest text that `parseDuration` reads as the same milliseconds: 90000 is `1m30s`. Negative ones begin with `-`. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) throw new DurationError(`${ms} is no number of milliseconds.`);
  const whole = Math.round(ms);
  if (whole === 0) return '0s';
  let left = Math.abs(whole);
  let text = whole < 0 ? '-' : '';
  for (const { unit, ms: size } of UNITS) {
    const count = Math.floor(left / size);
    if (count > 0) text += `${count}${unit}`;
    left -= count * size;
  }
  return text;
}

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
