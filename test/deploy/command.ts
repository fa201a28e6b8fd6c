import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';

export type Variables = Readonly<Record<string, string>>;

interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Variables;
  readonly cwd?: string;
}

/**
 * Runs a program to its end and answers what it wrote. Throws with the last lines when it fails or takes too long; it is
 * killed with everything that it started.
 */
export async function run({ program, args, env, cwd }: Command, limitMs: number): Promise<string> {
  const child = spawn(program, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => output.push(text));
  const timer = setTimeout(() => killGroup(child.pid, 'SIGKILL'), limitMs);
  const forward = (): void => killGroup(child.pid, 'SIGKILL');
  process.once('exit', forward);
  try {
    const code = await new Promise<number | string | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode, signal) => resolve(exitCode ?? signal));
    });
    const text = output.join('');
    if (code === 0) return text;
    throw new Error(
      `${program} ${args.join(' ')} ended with ${code}:\n${text.split('\n').slice(-25).join('\n')}`,
    );
  } finally {
    clearTimeout(timer);
    process.off('exit', forward);
  }
}

/** Starts a program that stays up, with its output in a file. The answer ends it, and everything that it started. */
export function start({ program, args, env, cwd }: Command, logFile: string): () => Promise<void> {
  const log = createWriteStream(logFile);
  const child = spawn(program, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const atExit = (): void => killGroup(child.pid, 'SIGKILL');
  process.once('exit', atExit);
  return async () => {
    killGroup(child.pid, 'SIGTERM');
    const timer = setTimeout(() => killGroup(child.pid, 'SIGKILL'), 5_000);
    await ended;
    clearTimeout(timer);
    killGroup(child.pid, 'SIGKILL');
    process.off('exit', atExit);
    log.end();
  };
}

export async function until<Found>(
  what: string,
  limitMs: number,
  look: () => Promise<Found | undefined>,
): Promise<Found> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`${what} did not come within ${limitMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** The program leads a group of its own. A group that is gone is what we want. */
function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
