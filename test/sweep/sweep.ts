import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Case, casesOf, type Recorded, SCENARIOS } from './cases.ts';
import type { Row } from './programs/worker.ts';

export interface SweepOptions {
  /** Only every so-manieth case. */
  readonly every: number;
  readonly progress?: (text: string) => void;
}

const WORKERS = 2;
/** A case that takes longer does not end. */
const LONGEST_CASE_MS = 60_000;

/** Drills every case in processes whose time is simulated, and tells what became of each. */
export async function sweep({ every, progress = () => {} }: SweepOptions): Promise<readonly Row[]> {
  const directory = mkdtempSync(join(tmpdir(), 'sweep-'));
  const workers = Array.from({ length: WORKERS }, () => startWorker(directory));
  try {
    await Promise.all(workers.map(({ ready }) => ready));
    const cases = await allCases(workers[0] as Worker);
    const chosen = cases.filter((_, index) => index % every === 0);
    const left = [...chosen.entries()];
    const rows: Row[] = [];
    await Promise.all(
      workers.map(async (worker) => {
        for (let next = left.shift(); next; next = left.shift()) {
          rows[next[0]] = await worker.ask<Row>('run', next[1]);
          if (left.length % 100 === 0) progress(`${left.length} cases left\n`);
        }
      }),
    );
    return rows;
  } finally {
    for (const worker of workers) worker.end();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function allCases(worker: Worker): Promise<readonly Case[]> {
  const cases: Case[] = [];
  for (const scenario of SCENARIOS) {
    // What is loaded for the first time takes its time: only the second recording is quick enough to be used.
    if (cases.length === 0) await worker.ask('record', scenario.name);
    const { entered, ...recorded } = await worker.ask<
      Omit<Recorded, 'entered'> & { entered: [string, number][] }
    >('record', scenario.name);
    cases.push(...casesOf(scenario, { ...recorded, entered: new Map(entered) }));
  }
  return cases;
}

interface Worker {
  readonly ready: Promise<unknown>;
  ask<Answer>(what: 'record' | 'run', given: unknown): Promise<Answer>;
  end(): void;
}

function startWorker(directory: string): Worker {
  const child: ChildProcess = fork(join(import.meta.dirname, 'programs/worker.ts'), [directory], {
    serialization: 'advanced',
  });
  const asked = new Map<number, (answer: unknown) => void>();
  let ids = 0;
  const died = new Promise<never>((_, reject) =>
    child.once('exit', (code) => reject(new Error(`a worker of the sweep ended with ${code}`))),
  );
  died.catch(() => {});
  child.on('message', ({ id, answer }: { id: number; answer: unknown }) => asked.get(id)?.(answer));
  const answerTo = <Answer>(id: number): Promise<Answer> => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const limit = setTimeout(
      () => reject(new Error(`a case took longer than ${LONGEST_CASE_MS} ms`)),
      LONGEST_CASE_MS,
    );
    asked.set(id, (answer) => resolve(answer as Answer));
    return Promise.race([promise, died]).finally(() => clearTimeout(limit));
  };
  return {
    ready: answerTo(0),
    ask(what, given) {
      ids += 1;
      child.send({ id: ids, ask: what, given });
      return answerTo(ids);
    },
    end() {
      child.kill('SIGKILL');
    },
  };
}
