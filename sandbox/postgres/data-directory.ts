import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Binaries } from './binaries.ts';
import { copyOf, writePrivate } from './files.ts';
import { makePrivate, reachablePlace, TEMPORARY_PREFIX } from './place.ts';
import { databaseTemplate } from './template.ts';
import type { ServerUser } from './user.ts';

/** Tells of which sandbox it is the database, where it is not in the sandbox's own directory. */
const OWNER_FILE = 'sandbox';

/** Where the servers of a sandbox keep their data. It is filled when it is new. */
export async function dataDirectory(
  directory: string,
  binaries: Binaries,
  user: ServerUser | undefined,
): Promise<string> {
  mkdirSync(directory, { recursive: true });
  const preferred = join(directory, 'postgres');
  const base = reachablePlace(preferred, user);
  if (base !== preferred) removeAbandoned(base);
  if (!existsSync(base)) await copyOf(await databaseTemplate(binaries, user), base, user);
  makePrivate(base, user);
  if (base !== preferred) writePrivate(join(base, OWNER_FILE), directory, user);
  return base;
}

/** Databases among the temporary files of sandboxes that are no longer there. */
function removeAbandoned(own: string): void {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(TEMPORARY_PREFIX))) {
    const base = join(tmpdir(), name);
    const owner = base === own ? undefined : ownerOf(base);
    if (owner && !existsSync(owner)) rmSync(base, { recursive: true, force: true });
  }
}

function ownerOf(base: string): string | undefined {
  try {
    return readFileSync(join(base, OWNER_FILE), 'utf8');
  } catch {
    return undefined;
  }
}
