import { join } from 'node:path';
import { documentAt } from '../state.ts';
import type { Settings } from './attributes.ts';

/** What is stored of a queue beside its messages. */
export interface QueueRecord {
  readonly name: string;
  readonly settings: Settings;
  readonly createdMs: number;
  readonly modifiedMs: number;
}

export interface QueueRecords {
  /** In order. */
  names(): readonly string[];
  find(name: string): QueueRecord | undefined;
  put(record: QueueRecord): void;
  remove(name: string): void;
  /** Whether a queue of this name was removed less than a minute ago. */
  isRecentlyRemoved(name: string): boolean;
}

interface Stored {
  readonly queues: Readonly<Record<string, QueueRecord>>;
  readonly deletedMs: Readonly<Record<string, number>>;
}

const REMOVAL_MS = 60_000;

/** Read once; every change is on disk before it is answered. */
export function openRecords(directory: string, now: () => number): QueueRecords {
  const document = documentAt<Stored>(join(directory, 'queues.json'), { queues: {}, deletedMs: {} });
  let stored = document.read();
  const store = (changed: Partial<Stored>): void => {
    stored = { ...stored, ...changed };
    document.write(stored);
  };
  const recentlyRemoved = (): Stored['deletedMs'] =>
    Object.fromEntries(Object.entries(stored.deletedMs).filter(([, atMs]) => now() - atMs < REMOVAL_MS));
  return {
    names: () => Object.keys(stored.queues).sort(),
    find: (name) => (Object.hasOwn(stored.queues, name) ? stored.queues[name] : undefined),
    put: (record) => store({ queues: { ...stored.queues, [record.name]: record } }),
    remove(name) {
      const { [name]: _removed, ...queues } = stored.queues;
      store({ queues, deletedMs: { ...recentlyRemoved(), [name]: now() } });
    },
    isRecentlyRemoved: (name) => Object.hasOwn(recentlyRemoved(), name),
  };
}
