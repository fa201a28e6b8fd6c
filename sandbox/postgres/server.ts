import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { logInto } from '../processes/log.ts';
import type { Binaries } from './binaries.ts';
import { type Role, SERVICE_FILE, serverArguments } from './settings.ts';
import { endStale } from './stale.ts';
import type { ServerUser } from './user.ts';

export interface Server {
  readonly port: number;
  /** A fast shutdown: sessions are cut off, everything is stored. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly binaries: Binaries;
  readonly user: ServerUser | undefined;
  /** The directory of all servers. */
  readonly base: string;
  readonly role: Role;
  readonly port: number;
  readonly logFile: string;
}

const READY_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 10;
const STOP_TIMEOUT_MS = 5_000;
const LOG_LIMIT_BYTES = 262_144;
const KEPT_LOG_CHARACTERS = 2_000;

/**
 * Ends the server when its own standard input closes, which happens however the sandbox ends. The server does not inherit
 * that input: nobody else keeps it open.
 */
const KEEPER = `
exec 3<&0
"$@" 3<&- </dev/null & server=$!
{ read -r _; kill -INT $server; } <&3 & watcher=$!
wait $server; code=$?
kill $watcher 2>/dev/null
exit $code
`;

/** Starts a server and resolves when it answers. Rejects with the end of its log when it ends instead. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { base, role, port } = options;
  await endStale(join(base, role));
  const child = launch(options);
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const log = logOf(child, options.logFile);
  const server = { port, stop: () => stop(child, gone) };
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!isReady(join(base, role))) {
    const ended = child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
    if (!ended && Date.now() < deadline) {
      await sleep(LOOK_EVERY_MS);
      continue;
    }
    await server.stop();
    throw new Error(
      `PostgreSQL (${role}, port ${port}) ${ended ? `ended with exit code ${child.exitCode}` : `was not ready in ${READY_WITHIN_MS} ms`}. It said: ${log()}`,
    );
  }
  return server;
}

function launch({ binaries, user, base, role, port }: ServerOptions): ChildProcess {
  const server = [binaries.postgres, ...serverArguments(base, role), '-p', String(port)];
  const child = spawn('/bin/sh', ['-c', KEEPER, 'postgres', ...server], {
    ...user,
    cwd: join(base, role),
    env: { PATH: process.env.PATH, PGSERVICEFILE: join(base, SERVICE_FILE) },
    stdio: ['pipe', 'ignore', 'pipe'],
    // Ctrl-C at a terminal is not for it, and a kill of the sandbox's process group leaves the keeper to end it in order.
    detached: true,
  });
  // A keeper that is gone has nothing left to end.
  child.stdin?.on('error', () => {});
  child.on('error', () => {});
  return child;
}

/** What it said last; everything is in its log file. */
function logOf(child: ChildProcess, file: string): () => string {
  let last = '';
  mkdirSync(dirname(file), { recursive: true });
  if (!child.stderr) return () => last;
  child.stderr.on('data', (chunk: Buffer) => {
    last = (last + chunk).slice(-KEPT_LOG_CHARACTERS);
  });
  logInto(file, LOG_LIMIT_BYTES, [child.stderr]).catch((error: unknown) =>
    console.error(`The log ${file} is incomplete: ${String(error)}`),
  );
  return () => last.trim() || 'nothing';
}

/** The line in which a server tells how far it is; a standby too is ready once it can be read. */
function isReady(directory: string): boolean {
  try {
    const lines = readFileSync(join(directory, 'postmaster.pid'), 'utf8').split('\n');
    return lines[7]?.trim() === 'ready';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function stop(child: ChildProcess, gone: Promise<void>): Promise<void> {
  if (child.pid === undefined) return;
  child.stdin?.end();
  const timer = setTimeout(() => killGroup(child.pid as number), STOP_TIMEOUT_MS);
  await gone;
  clearTimeout(timer);
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
