import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { documentAt } from '../state.ts';
import { S3Error } from './errors.ts';
import type { DefaultRetention } from './object-lock.ts';
import { type Objects, objectsIn } from './object-store.ts';

export interface BucketSettings {
  readonly name: string;
  readonly createdAtMs: number;
  /** Absent until versioning is first configured. */
  readonly versioning?: 'Enabled' | 'Suspended';
  readonly objectLock?: { readonly defaultRetention?: DefaultRetention | undefined };
}

export interface Bucket {
  readonly settings: BucketSettings;
  readonly objects: Objects;
  configure(change: Partial<BucketSettings>): void;
}

export type Buckets = ReturnType<typeof bucketsIn>;

const SETTINGS = 'bucket.json';

/** The buckets of a directory. A bucket exists as soon and as long as its settings do. */
export function bucketsIn(directory: string) {
  mkdirSync(directory, { recursive: true });
  const buckets = new Map(load(directory).map((bucket) => [bucket.settings.name, bucket]));

  return {
    all: (): readonly Bucket[] =>
      [...buckets.values()].sort((one, other) => (one.settings.name < other.settings.name ? -1 : 1)),
    has: (name: string) => buckets.has(name),
    /** Throws `NoSuchBucket`. */
    get: (name: string): Bucket => {
      const bucket = buckets.get(name);
      if (!bucket) throw new S3Error('NoSuchBucket', { fields: { BucketName: name } });
      return bucket;
    },
    /** Throws `InvalidBucketName`. */
    create: (settings: BucketSettings) => {
      requireValidName(settings.name);
      const bucket = bucketAt(join(directory, settings.name), settings);
      bucket.configure({});
      buckets.set(settings.name, bucket);
    },
    remove: (name: string) => {
      rmSync(join(directory, name, SETTINGS), { force: true });
      buckets.delete(name);
      rmSync(join(directory, name), { recursive: true, force: true });
    },
  };
}

function load(directory: string): Bucket[] {
  return readdirSync(directory).flatMap((name) => {
    const home = join(directory, name);
    if (existsSync(join(home, SETTINGS))) return [bucketAt(home, { name, createdAtMs: 0 })];
    rmSync(home, { recursive: true, force: true });
    return [];
  });
}

function bucketAt(home: string, initial: BucketSettings): Bucket {
  const document = documentAt<BucketSettings>(join(home, SETTINGS), initial);
  let settings = document.read();
  return {
    get settings() {
      return settings;
    },
    objects: objectsIn(join(home, 'objects')),
    configure: (change) => {
      const next = { ...settings, ...change };
      document.write(next);
      settings = next;
    },
  };
}

/** The rules also make the name safe as the name of a directory. */
function requireValidName(name: string): void {
  const shape = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
  const valid = shape.test(name) && !name.includes('..') && !/^\d+\.\d+\.\d+\.\d+$/.test(name);
  if (!valid) throw new S3Error('InvalidBucketName', { fields: { BucketName: name } });
}
