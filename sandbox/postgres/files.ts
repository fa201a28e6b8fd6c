import { execFile } from 'node:child_process';
import { chownSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makePrivate } from './place.ts';
import { DATABASE, PASSWORD_FILE, SERVICE_FILE } from './settings.ts';
import type { ServerUser } from './user.ts';

const COPY_TIMEOUT_MS = 60_000;

/** Copies as the servers' user, as whose the files must be. There is no half copy: it is made aside and renamed. */
export async function copyOf(source: string, target: string, user: ServerUser | undefined): Promise<void> {
  const draft = `${target}.new`;
  rmSync(draft, { recursive: true, force: true });
  makePrivate(draft, user);
  const what = readdirSync(source).map((name) => join(source, name));
  await promisify(execFile)('cp', ['-a', ...what, draft], { ...user, cwd: draft, timeout: COPY_TIMEOUT_MS });
  renameSync(draft, target);
}

/** Writes a file that the servers' user alone can read. */
export function writePrivate(file: string, text: string, user: ServerUser | undefined): void {
  writeFileSync(file, text, { mode: 0o600 });
  if (user) chownSync(file, user.uid, user.gid);
}

/** The superuser's password of the servers in this directory. */
export function passwordIn(base: string): string {
  return readFileSync(join(base, PASSWORD_FILE), 'utf8').trim();
}

/** For the standby and the replica. */
export function tellWherePrimaryIs(base: string, port: number, user: ServerUser | undefined): void {
  const lines = [
    '[primary]',
    'host=127.0.0.1',
    `port=${port}`,
    `dbname=${DATABASE}`,
    `password=${passwordIn(base)}`,
  ];
  writePrivate(join(base, SERVICE_FILE), `${lines.join('\n')}\n`, user);
}
