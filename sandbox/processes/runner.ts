import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { TaskProcess, TaskRunner, TaskSpecification } from '../ecs/data-plane.ts';
import { logInto } from './log.ts';

export interface ProcessRunner extends TaskRunner {
  /** Stops every process that is left and resolves when they are gone and their logs are written. */
  close(): Promise<void>;
}

const MOST_PROCESSES = 100;
const LOG_LIMIT_BYTES = 262_144;
const CLOSING_GRACE_MS = 500;
/** What a shell says when there is no such program. */
const NOT_FOUND_EXIT_CODE = 127;

/**
 * Runs tasks as real processes with a minimal environment. A program says over IPC on which port it listens (`{ port }`),
 * and ends when the IPC channel closes, which happens however this process ends.
 */
export function processRunner({ logDirectory }: { logDirectory: string }): ProcessRunner {
  mkdirSync(logDirectory, { recursive: true });
  const running = new Set<TaskProcess>();
  const logs = new Set<Promise<void>>();
  let closed = false;

  return {
    start(specification) {
      if (closed) throw new Error(`Task ${specification.taskId} cannot start: the runner is closed.`);
      if (running.size >= MOST_PROCESSES)
        throw new Error(
          `Task ${specification.taskId} cannot start: ${MOST_PROCESSES} processes run already.`,
        );
      const logPath = logFile(logDirectory, specification.taskId);
      const child = launch(specification);
      const task = taskProcess(child);
      running.add(task);
      task.exited.then(() => running.delete(task));
      const log = logInto(logPath, LOG_LIMIT_BYTES, outputs(child));
      logs.add(log);
      log.catch(reportLostLog(specification.taskId)).finally(() => logs.delete(log));
      return task;
    },
    async close() {
      closed = true;
      for (const task of running) task.stop(CLOSING_GRACE_MS);
      await Promise.all([...running].map((task) => task.exited));
      await Promise.allSettled(logs);
    },
  };
}

function launch({ taskId, command, environment }: TaskSpecification): ChildProcess {
  const [program = '', ...programArguments] = command;
  return spawn(program === 'node' ? process.execPath : program, programArguments, {
    // Port 0 as if every task had a network of its own. Nothing else of this process's environment is a task's business.
    env: { PATH: process.env.PATH, HOSTNAME: taskId, ...environment, PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Out of the terminal's process group: Ctrl-C is for the one who restores, not for the tasks.
    detached: true,
  });
}

function taskProcess(child: ChildProcess): TaskProcess {
  const listening = new Promise<number>((resolve) => {
    child.on('message', (message) => {
      if (isListening(message)) resolve(message.port);
    });
  });
  const exited: TaskProcess['exited'] = new Promise((resolve) => {
    child.once('exit', (exitCode, signal) => {
      killGroup(child);
      resolve({ exitCode, signal });
    });
    child.on('error', () => {
      if (child.pid === undefined) resolve({ exitCode: NOT_FOUND_EXIT_CODE, signal: null });
    });
  });
  return {
    pid: child.pid ?? 0,
    listening,
    exited,
    stop(graceMs) {
      if (!child.kill('SIGTERM')) return;
      const timer = setTimeout(() => killGroup(child), graceMs);
      exited.then(() => clearTimeout(timer));
    },
  };
}

/** A container takes everything that ran in it along. */
function killGroup(child: ChildProcess): void {
  try {
    process.kill(-(child.pid as number), 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

function isListening(message: unknown): message is { port: number } {
  return (
    typeof message === 'object' && message !== null && 'port' in message && typeof message.port === 'number'
  );
}

function logFile(directory: string, taskId: string): string {
  if (!/^[\w-]+$/.test(taskId)) throw new Error(`A task id must be a plain name. Received: ${taskId}.`);
  return join(directory, `${taskId}.log`);
}

function outputs(child: ChildProcess): Readable[] {
  return [child.stdout, child.stderr].filter((stream) => stream !== null);
}

function reportLostLog(taskId: string): (error: unknown) => void {
  return (error) => console.error(`The log of task ${taskId} is incomplete: ${String(error)}`);
}
