import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** Tells what really happened in the sandbox: one JSON line per event, `at` in epoch milliseconds. */
export type Truth = (event: string, facts?: Readonly<Record<string, unknown>>) => void;

/** Each line is one append, so several processes can tell the truth into one file. */
export function truthAt(path: string, now: () => number = Date.now): Truth {
  mkdirSync(dirname(path), { recursive: true });
  return (event, facts = {}) => appendFileSync(path, `${JSON.stringify({ at: now(), event, ...facts })}\n`);
}
