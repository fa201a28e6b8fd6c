import type { Answer } from './exchange.ts';

/** Answers that may be given again, by path and query. */
export interface Cache {
  /** With its `age` header; `undefined` when there is none or it is too old. */
  find(key: string): Answer | undefined;
  store(key: string, answer: Answer, maxAgeSeconds: number): void;
  /** Removes what matches any of the patterns, in which `*` stands for anything; returns how many entries went. */
  purge(patterns: readonly string[]): number;
}

interface Entry {
  readonly answer: Answer;
  readonly ageMs: number;
  readonly storedAtMs: number;
  readonly expiresAtMs: number;
}

const MOST_ENTRIES = 1_000;
const LARGEST_ENTRY_BYTES = 1_048_576;

export function edgeCache(now: () => number = Date.now): Cache {
  const entries = new Map<string, Entry>();
  return {
    find(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      if (now() >= entry.expiresAtMs) {
        entries.delete(key);
        return undefined;
      }
      const ageSeconds = Math.floor((entry.ageMs + now() - entry.storedAtMs) / 1000);
      return { ...entry.answer, headers: { ...entry.answer.headers, age: String(ageSeconds) } };
    },
    store(key, answer, maxAgeSeconds) {
      if (answer.body.length > LARGEST_ENTRY_BYTES) return;
      const ageMs = Number(answer.headers.age ?? 0) * 1000;
      entries.delete(key);
      entries.set(key, {
        answer,
        ageMs,
        storedAtMs: now(),
        expiresAtMs: now() + maxAgeSeconds * 1000 - ageMs,
      });
      const oldest = entries.keys().next().value;
      if (entries.size > MOST_ENTRIES && oldest !== undefined) entries.delete(oldest);
    },
    purge(patterns) {
      const gone = [...entries.keys()].filter(matcher(patterns));
      for (const key of gone) entries.delete(key);
      return gone.length;
    },
  };
}

/** For how long a shared cache may keep an answer: 0 for errors and for whatever is not said to be cacheable for all. */
export function cacheableSeconds({ status, headers }: Answer): number {
  const control = headers['cache-control']?.toLowerCase() ?? '';
  if (status !== 200 || headers['set-cookie'] || headers.vary) return 0;
  if (/\b(no-store|no-cache|private)\b/.test(control)) return 0;
  const seconds = control.match(/\bs-maxage=(\d+)/)?.[1] ?? control.match(/\bmax-age=(\d+)/)?.[1];
  return Math.min(Number(seconds ?? 0), 86_400);
}

/** Whether a path matches any of the patterns, in which `*` stands for anything. */
export function matcher(patterns: readonly string[]): (path: string) => boolean {
  const expressions = patterns.map((pattern) => {
    const literals = pattern.split(/\*+/).map((literal) => literal.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${literals.join('.*')}$`, 's');
  });
  return (path) => expressions.some((expression) => expression.test(path));
}
