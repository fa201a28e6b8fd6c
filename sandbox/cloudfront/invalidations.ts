import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { documentAt } from '../state.ts';
import { hasWildcard, type InvalidationBatch } from './batch.ts';
import { cloudFrontError } from './wire.ts';

export interface Invalidation extends InvalidationBatch {
  readonly id: string;
  readonly status: 'InProgress' | 'Completed';
  readonly createdMs: number;
}

export interface Invalidations {
  /** The newest first. */
  all(): readonly Invalidation[];
  /** The same again for a reference that is known. Throws InvalidationBatchAlreadyExists, TooManyInvalidationsInProgress. */
  create(batch: InvalidationBatch): Invalidation;
  close(): void;
}

export interface InvalidationsOptions {
  readonly directory: string;
  readonly purge: (paths: readonly string[]) => Promise<unknown>;
  /** How long an invalidation is in progress before anything is forgotten. */
  readonly delayMs: number;
  readonly now: () => number;
}

const MOST_FILES_IN_PROGRESS = 3_000;
const MOST_WILDCARDS_IN_PROGRESS = 15;
const MOST_KEPT = 500;
const RETRY_AFTER_MS = 1_000;
const MOST_ATTEMPTS = 5;

/** Each is completed only when the edge has purged; those that a kill interrupted go on. */
export function openInvalidations({ directory, purge, delayMs, now }: InvalidationsOptions): Invalidations {
  const document = documentAt<readonly Invalidation[]>(join(directory, 'invalidations.json'), []);
  const timers = new Set<NodeJS.Timeout>();
  let isClosed = false;
  for (const invalidation of inProgress(document.read())) later(invalidation, 1, delayMs);

  return {
    all: document.read,
    create(batch) {
      const all = document.read();
      const known = all.find(({ callerReference }) => callerReference === batch.callerReference);
      if (known) return requireSame(known, batch);
      requireRoom(inProgress(all), batch.paths);
      const invalidation = { ...batch, id: newId(), status: 'InProgress', createdMs: now() } as const;
      document.write([invalidation, ...all].slice(0, MOST_KEPT));
      later(invalidation, 1, delayMs);
      return invalidation;
    },
    close() {
      isClosed = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };

  function later(invalidation: Invalidation, attempt: number, afterMs: number): void {
    if (isClosed) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      void invalidate(invalidation, attempt);
    }, afterMs);
    timers.add(timer);
  }

  /** An edge that cannot be reached any more leaves the invalidation in progress. */
  async function invalidate(invalidation: Invalidation, attempt: number): Promise<void> {
    const { id, paths } = invalidation;
    try {
      await purge(paths);
    } catch {
      if (attempt < MOST_ATTEMPTS) later(invalidation, attempt + 1, RETRY_AFTER_MS);
      return;
    }
    document.write(document.read().map((each) => (each.id === id ? { ...each, status: 'Completed' } : each)));
  }
}

export function inProgress(invalidations: readonly Invalidation[]): readonly Invalidation[] {
  return invalidations.filter(({ status }) => status === 'InProgress');
}

function requireSame(known: Invalidation, batch: InvalidationBatch): Invalidation {
  const sorted = ({ paths }: InvalidationBatch): string => JSON.stringify([...paths].sort());
  if (sorted(known) === sorted(batch)) return known;
  throw cloudFrontError(
    'InvalidationBatchAlreadyExists',
    `The invalidation batch ${batch.callerReference} exists already, with other paths.`,
  );
}

function requireRoom(open: readonly Invalidation[], added: readonly string[]): void {
  const paths = [...open.flatMap((invalidation) => invalidation.paths), ...added];
  const wildcards = paths.filter(hasWildcard).length;
  const files = paths.length - wildcards;
  if (wildcards <= MOST_WILDCARDS_IN_PROGRESS && files <= MOST_FILES_IN_PROGRESS) return;
  throw cloudFrontError(
    'TooManyInvalidationsInProgress',
    `Your request would have ${files} files and ${wildcards} wildcards in progress; allowed are ${MOST_FILES_IN_PROGRESS} and ${MOST_WILDCARDS_IN_PROGRESS}.`,
  );
}

const CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

function newId(): string {
  return `I${Array.from({ length: 13 }, () => CHARACTERS[randomInt(CHARACTERS.length)]).join('')}`;
}
