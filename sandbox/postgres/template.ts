import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Binaries } from './binaries.ts';
import { checkOwner, makePrivate, reachablePlace, temporaryPlace } from './place.ts';
import type { ServerUser } from './user.ts';

const CACHE = join(import.meta.dirname, '../../node_modules/.cache/rollback-drills');
const MIGRATIONS = join(import.meta.dirname, '../shop/migrations');
const PREFIX = 'database-';
const KEPT_MS = 86_400_000;

/**
 * A directory with the three servers as they are when nobody has bought anything yet. Made once, which takes some seconds,
 * and copied for every sandbox.
 */
export async function databaseTemplate(binaries: Binaries, user: ServerUser | undefined): Promise<string> {
  const preferred = join(CACHE, `${PREFIX}${digest(binaries.version, user)}`);
  const places = [reachablePlace(preferred, user), temporaryPlace(preferred)];
  const place = places.find((each) => existsSync(each));
  if (place) {
    checkOwner(place, user?.uid ?? process.getuid?.());
    return place;
  }
  for (const each of places) if (isWritable(each, user)) return make(each, binaries, user);
  throw new Error(
    `The sandbox keeps a template of its database in ${places.join(' or ')}, and can write neither.`,
  );
}

/** What the shop's team would have run over the years, in order. `*.undo.sql` takes a change back, and is not among it. */
function migrations(): readonly string[] {
  const files = readdirSync(MIGRATIONS).filter((file) => /^\d+-[\w-]+\.sql$/.test(file));
  return files.sort().map((file) => readFileSync(join(MIGRATIONS, file), 'utf8'));
}

/** Of everything that a template is made from. */
function digest(version: string, user: ServerUser | undefined): string {
  const programs = ['build-template.ts', 'settings.ts'].map((file) =>
    readFileSync(join(import.meta.dirname, file), 'utf8'),
  );
  const parts = [version, String(user?.uid ?? process.getuid?.()), ...programs, ...migrations()];
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16);
}

function isWritable(place: string, user: ServerUser | undefined): boolean {
  try {
    rmSync(draftOf(place), { recursive: true, force: true });
    makePrivate(draftOf(place), user);
    return true;
  } catch (error) {
    if (['EACCES', 'EROFS', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

async function make(place: string, binaries: Binaries, user: ServerUser | undefined): Promise<string> {
  const base = draftOf(place);
  try {
    const { buildTemplate } = await import('./build-template.ts');
    await buildTemplate({ binaries, user, base, migrations: migrations() });
    renameSync(base, place);
    removeOld(place);
  } catch (error) {
    rmSync(base, { recursive: true, force: true });
    // Somebody else was quicker.
    if (!existsSync(place)) throw error;
  }
  return place;
}

function draftOf(place: string): string {
  return `${place}.${process.pid}`;
}

/** Templates of earlier versions of the shop. */
function removeOld(place: string): void {
  const siblings = readdirSync(dirname(place)).filter((name) => name.startsWith(PREFIX));
  for (const path of siblings.map((name) => join(dirname(place), name))) {
    const status = statSync(path, { throwIfNoEntry: false });
    if (path !== place && status && Date.now() - status.mtimeMs > KEPT_MS) rmSync(path, { recursive: true });
  }
}
