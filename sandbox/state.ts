import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What a service keeps across restarts: one JSON document, replaced as a whole. */
export interface Document<T> {
  read(): T;
  write(value: T): void;
}

const FOR_ANYBODY = 0o666;
/** Only for the user who runs the sandbox. */
export const FOR_OWNER = 0o600;

/** The replacement is atomic: a process killed at any moment leaves the old or the new document, never a torn one. */
export function documentAt<T>(path: string, initial: T, mode = FOR_ANYBODY): Document<T> {
  mkdirSync(dirname(path), { recursive: true });
  return {
    read: () => parse(path) ?? initial,
    write: (value) => {
      const draft = join(dirname(path), `.${process.pid}-${crypto.randomUUID()}.tmp`);
      writeFileSync(draft, JSON.stringify(value), { mode });
      renameSync(draft, path);
    },
  };

  function parse(file: string): T | undefined {
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as T;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }
}
