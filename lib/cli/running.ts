import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from './command.ts';

/** A sandbox that is up, as it told of itself. */
export interface RunningSandbox {
  readonly pid: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly edgeUrl: string;
  /** For requests that are signed for `execute-api`. */
  readonly apiUrl: string;
  /** What plans for the shop refer to. */
  readonly planVariables: Readonly<Record<string, string>>;
}

/** `undefined` when no sandbox is up in this directory. */
export async function attach(directory: string): Promise<RunningSandbox | undefined> {
  const running = read(directory);
  return running?.edgeUrl && isAlive(running.pid) ? running : undefined;
}

/** Only one sandbox at a time may have a directory. What a killed one left is taken over. */
export function claim(directory: string): void {
  mkdirSync(join(directory, 'sandbox'), { recursive: true });
  const mine = JSON.stringify({ pid: process.pid });
  try {
    writeFileSync(file(directory), mine, { flag: 'wx' });
  } catch {
    const pid = read(directory)?.pid;
    if (pid !== undefined && isAlive(pid)) {
      throw new UsageError(
        `A sandbox is being started or stopped in ${directory} by process ${pid}. Wait for it, or set DRILL_DIRECTORY.`,
        1,
      );
    }
    writeFileSync(file(directory), mine);
  }
}

export function publish(directory: string, sandbox: Omit<RunningSandbox, 'pid'>): void {
  writeFileSync(
    file(directory),
    JSON.stringify({
      pid: process.pid,
      environment: sandbox.environment,
      edgeUrl: sandbox.edgeUrl,
      apiUrl: sandbox.apiUrl,
      planVariables: sandbox.planVariables,
    } satisfies RunningSandbox),
  );
}

export function unpublish(directory: string): void {
  rmSync(file(directory), { force: true });
}

function read(directory: string): RunningSandbox | undefined {
  try {
    return JSON.parse(readFileSync(file(directory), 'utf8')) as RunningSandbox;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function file(directory: string): string {
  return join(directory, 'sandbox', 'running.json');
}
