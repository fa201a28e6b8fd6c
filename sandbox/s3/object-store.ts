import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentAt } from '../state.ts';
import type { Checksum } from './checksums.ts';
import type { Lock } from './object-lock.ts';

/** One version of an object, or a delete marker. `versionId` is `null` in a bucket that was never versioned. */
export interface Version {
  readonly versionId: string;
  readonly lastModifiedMs: number;
  readonly deleteMarker: boolean;
  readonly etag: string;
  readonly sizeBytes: number;
  /** Content headers and `x-amz-meta-…`, as they are given back. */
  readonly headers: Readonly<Record<string, string>>;
  readonly checksum?: Checksum | undefined;
  readonly lock: Lock;
  /** The file of the body, in the object's directory. */
  readonly file: string;
}

export type Objects = ReturnType<typeof objectsIn>;

interface Stored {
  readonly key: string;
  /** Oldest first. */
  readonly versions: readonly Version[];
}

const LIST = 'object.json';
const NONE: readonly Version[] = [];

/**
 * The objects of a bucket: a directory for each key, with its bodies and one list of its versions. The list is replaced
 * as a whole after the body is in place and before an old body goes, so a kill leaves the old or the new object.
 * Every change is made synchronously: of two requests that race, the second sees what the first did.
 */
export function objectsIn(directory: string) {
  mkdirSync(directory, { recursive: true });
  const stored = new Map(load(directory).map((object) => [object.key, object.versions]));
  let sorted: readonly string[] | undefined;

  return {
    /** Oldest first; empty when there is no such object. */
    versions: (key: string): readonly Version[] => stored.get(key) ?? NONE,
    latest: (key: string): Version | undefined => stored.get(key)?.at(-1),
    body: (key: string, { file }: Version): Buffer => readFileSync(join(home(key), file)),
    isEmpty: () => stored.size === 0,
    /** In the order of their UTF-8 bytes, which is S3's. */
    keys: (): readonly string[] => {
      sorted ??= [...stored.keys()].sort(compareKeys);
      return sorted;
    },
    /** Adds the newest version; it takes the place of one with the same id. */
    add: (key: string, version: Omit<Version, 'file'>, body: Buffer) => {
      const file = `${crypto.randomUUID()}.body`;
      if (!version.deleteMarker) writeBody(home(key), file, body);
      const kept = (stored.get(key) ?? NONE).filter(({ versionId }) => versionId !== version.versionId);
      save(key, [...kept, { ...version, file }]);
    },
    lock: (key: string, versionId: string, lock: Lock) => {
      const versions = stored.get(key) ?? NONE;
      save(
        key,
        versions.map((version) => (version.versionId === versionId ? { ...version, lock } : version)),
      );
    },
    remove: (key: string, versionId: string) => {
      const versions = stored.get(key) ?? NONE;
      save(
        key,
        versions.filter((version) => version.versionId !== versionId),
      );
    },
  };

  function save(key: string, versions: readonly Version[]) {
    const before = stored.get(key) ?? NONE;
    if (before.length === 0 || versions.length === 0) sorted = undefined;
    if (versions.length === 0) {
      rmSync(join(home(key), LIST), { force: true });
      rmSync(home(key), { recursive: true, force: true });
      stored.delete(key);
      return;
    }
    documentAt<Stored>(join(home(key), LIST), { key, versions: NONE }).write({ key, versions });
    stored.set(key, versions);
    const files = new Set(versions.map(({ file }) => file));
    for (const { file } of before) if (!files.has(file)) rmSync(join(home(key), file), { force: true });
  }

  /** A key may be longer than a file name and hold anything, so its digest names the directory. */
  function home(key: string): string {
    return join(directory, createHash('sha256').update(key).digest('hex'));
  }
}

export function compareKeys(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

function writeBody(directory: string, file: string, body: Buffer) {
  mkdirSync(directory, { recursive: true });
  const draft = join(directory, `${file}.tmp`);
  writeFileSync(draft, body);
  renameSync(draft, join(directory, file));
}

/** Reads what is there and removes what a kill left behind: bodies and drafts that no list names. */
function load(directory: string): Stored[] {
  return readdirSync(directory).flatMap((name) => {
    const home = join(directory, name);
    if (!existsSync(join(home, LIST))) {
      rmSync(home, { recursive: true, force: true });
      return [];
    }
    const object = documentAt<Stored>(join(home, LIST), { key: '', versions: NONE }).read();
    const wanted = new Set([LIST, ...object.versions.map(({ file }) => file)]);
    for (const file of readdirSync(home)) if (!wanted.has(file)) rmSync(join(home, file), { force: true });
    return [object];
  });
}
