import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ENDS_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 20;

/**
 * Waits for the server that a killed sandbox left in this directory: it is about to end. One that does not is killed. What
 * remains of a server that is gone is removed, as its process id may be somebody else's by now.
 */
export async function endStale(directory: string): Promise<void> {
  const file = join(directory, 'postmaster.pid');
  const pid = Number(firstLine(file));
  if (!Number.isInteger(pid) || pid <= 0) return;
  if (!(await hasEnded(pid, directory))) process.kill(pid, 'SIGKILL');
  if (!(await hasEnded(pid, directory)))
    throw new Error(`The server of ${directory} (process ${pid}) does not end: end it, then start again.`);
  rmSync(file, { force: true });
}

async function hasEnded(pid: number, directory: string): Promise<boolean> {
  const deadline = Date.now() + ENDS_WITHIN_MS;
  while (isServer(pid, directory)) {
    if (Date.now() > deadline) return false;
    await sleep(LOOK_EVERY_MS);
  }
  return true;
}

function firstLine(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').split('\n')[0];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isServer(pid: number, directory: string): boolean {
  return commandOf(pid).includes(directory);
}

function commandOf(pid: number): string {
  try {
    if (process.platform === 'linux')
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-p', String(pid), '-o', 'args='], { encoding: 'utf8' });
  } catch {
    return '';
  }
}
