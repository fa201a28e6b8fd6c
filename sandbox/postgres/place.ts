import { createHash } from 'node:crypto';
import { chownSync, lstatSync, mkdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { ServerUser } from './user.ts';

export const TEMPORARY_PREFIX = 'rollback-drills-';

/**
 * Where the servers' user gets to: `preferred`, unless a directory above it is closed to that user. Then a directory of
 * that user's own among the temporary files, always the same one for the same `preferred`.
 */
export function reachablePlace(preferred: string, user: ServerUser | undefined): string {
  if (!user || isReachable(preferred, user)) return preferred;
  const place = temporaryPlace(preferred);
  if (isReachable(place, user)) return place;
  throw new Error(
    `PostgreSQL runs as uid ${user.uid} here, which can reach neither ${preferred} nor ${place}: ` +
      'start the sandbox as an ordinary user, or set TMPDIR to a directory that everybody may enter.',
  );
}

/** Where something goes that cannot lie at `preferred`. */
export function temporaryPlace(preferred: string): string {
  const hash = createHash('sha256').update(resolve(preferred)).digest('hex').slice(0, 16);
  return join(tmpdir(), `${TEMPORARY_PREFIX}${hash}`);
}

/** Makes the directory, for its user alone. Refuses one that somebody else has put there. */
export function makePrivate(directory: string, user: ServerUser | undefined): void {
  mkdirSync(dirname(directory), { recursive: true });
  try {
    mkdirSync(directory, { mode: 0o700 });
    if (user) chownSync(directory, user.uid, user.gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  checkOwner(directory, user?.uid ?? process.getuid?.());
}

/** Temporary files have names that anybody could take. */
export function checkOwner(directory: string, owner: number | undefined): void {
  const found = lstatSync(directory);
  if (!found.isDirectory() || found.uid !== owner)
    throw new Error(
      `${directory} must be a directory of uid ${owner}. Found: ${found.isDirectory() ? 'a directory' : 'no directory'} ` +
        `of uid ${found.uid}. Remove it and start again.`,
    );
}

function isReachable(path: string, user: ServerUser): boolean {
  const above = dirname(resolve(path));
  const status = statSync(above, { throwIfNoEntry: false });
  if (status && !mayEnter(status, user)) return false;
  return above === dirname(above) || isReachable(above, user);
}

function mayEnter({ mode, uid, gid }: { mode: number; uid: number; gid: number }, user: ServerUser): boolean {
  if (uid === user.uid) return (mode & 0o100) !== 0;
  if (gid === user.gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}
