import { type ChildProcess, fork } from 'node:child_process';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';

/** A process of the sweep. */
export interface Worker {
  readonly ready: Promise<unknown>;
  ask<Answer>(what: 'record' | 'run', given: unknown): Promise<Answer>;
  end(): void;
}

const PROGRAM = fileURLToPath(new URL('programs/worker.ts', import.meta.url));
const LOW_PRIORITY = 10;
/** A case that takes longer does not end. */
const LONGEST_CASE_MS = 100_000;

/** Its plans lie in the directory. */
export function startWorker(directory: string): Worker {
  const child: ChildProcess = fork(PROGRAM, [directory], {
    serialization: 'advanced',
    // Most of what a case makes is thrown away at once.
    execArgv: ['--max-semi-space-size=64'],
  });
  // Whatever else goes on lives in real time.
  if (child.pid) setPriority(child.pid, LOW_PRIORITY);
  const asked = new Map<number, (answer: unknown) => void>();
  let ids = 0;
  const died = new Promise<never>((_, reject) =>
    child.once('exit', (code) => reject(new Error(`a process of the sweep ended with ${code}`))),
  );
  died.catch(() => {});
  child.on('message', ({ id, answer }: { id: number; answer: unknown }) => asked.get(id)?.(answer));
  const answerTo = <Answer>(id: number): Promise<Answer> => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const tooLong = new Error(`a case of the sweep took longer than ${LONGEST_CASE_MS} ms`);
    const limit = setTimeout(() => reject(tooLong), LONGEST_CASE_MS);
    asked.set(id, (answer) => resolve(answer as Answer));
    return Promise.race([promise, died]).finally(() => {
      clearTimeout(limit);
      asked.delete(id);
    });
  };
  return {
    ready: answerTo(0),
    ask(what, given) {
      ids += 1;
      child.send({ id: ids, ask: what, given });
      return answerTo(ids);
    },
    end: () => void child.kill('SIGKILL'),
  };
}
