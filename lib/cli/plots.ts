const LEVELS = '▁▂▃▄▅▆▇█';
const EIGHTHS = ' ▏▎▍▌▋▊▉█';
const UNKNOWN = '·';

/** One character for each value, the highest the tallest; a dot where there is none. Never negative values. */
export function sparkline(values: readonly (number | null)[]): string {
  const highest = Math.max(...values.map((value) => value ?? 0), 1);
  return values
    .map((value) => (value === null ? UNKNOWN : (LEVELS[levelOf(value, highest)] ?? UNKNOWN)))
    .join('');
}

function levelOf(value: number, highest: number): number {
  return Math.min(LEVELS.length - 1, Math.max(0, Math.ceil((value / highest) * LEVELS.length) - 1));
}

/** A bar of at most so many columns, to an eighth of one; what is not nothing always shows. */
export function bar(value: number, highest: number, columns: number): string {
  if (value <= 0 || highest <= 0) return '';
  const eighths = Math.max(1, Math.round((value / highest) * columns * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '').trim();
}
