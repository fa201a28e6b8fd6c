const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** A duration as people read it, without losing milliseconds below a minute: `142 ms`, `6.123 s`, `4 min 12.3 s`, `2 h 05 min`. */
export function duration(ms: number): string {
  if (ms < 0) return `−${duration(-ms)}`;
  if (ms < SECOND_MS) return `${Math.round(ms)} ms`;
  if (ms < MINUTE_MS) return `${(ms / SECOND_MS).toFixed(3)} s`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min ${tenths(ms % MINUTE_MS)} s`;
  const minutes = Math.floor((ms % HOUR_MS) / MINUTE_MS);
  return `${Math.floor(ms / HOUR_MS)} h ${String(minutes).padStart(2, '0')} min`;
}

/** A duration that somebody chose, without the zeros of a measured one: `45 s`, `2.5 s`, `3 min`. */
export function setting(ms: number): string {
  return duration(ms)
    .replace(/\.?0+ s$/, ' s')
    .replace(/ min 0? ?s$/, ' min')
    .replace(/ h 00 min$/, ' h');
}

/** Seconds since a moment, for lines that are read one below the other: ` 4.31s`. */
export function elapsed(ms: number): string {
  return `${(ms / SECOND_MS).toFixed(2).padStart(5)}s`;
}

/** `85.3 %` */
export function percent(share: number): string {
  return `${Math.round(share * 1_000) / 10} %`;
}

/** Cut, not rounded: 59.97 s must not read as 60.0 s. */
function tenths(ms: number): string {
  return (Math.floor(ms / 100) / 10).toFixed(1);
}
