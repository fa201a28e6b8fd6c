import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Case, casesOf, type Recorded } from './cases.ts';
import type { Row } from './programs/worker.ts';
import { SCENARIOS } from './scenarios.ts';
import { startWorker, type Worker } from './workers.ts';

export interface Sweep {
  /** What every scenario comes to when nothing goes wrong in it, by name. */
  readonly recorded: ReadonlyMap<string, Recorded>;
  readonly cases: readonly Case[];
  /** Drills the cases, several side by side, and tells what became of each. */
  run(cases: readonly Case[], told?: (left: number) => void): Promise<readonly Row[]>;
  end(): void;
}

const WORKERS = 2;

type Sent = Omit<Recorded, 'entered'> & { readonly entered: readonly (readonly [string, number])[] };

/** Processes whose time is simulated, and the cases that were made of what they recorded. */
export async function startSweep(): Promise<Sweep> {
  const directory = mkdtempSync(join(tmpdir(), 'sweep-'));
  const workers = Array.from({ length: WORKERS }, () => startWorker(directory));
  const end = (): void => {
    for (const worker of workers) worker.end();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await Promise.all(workers.map(({ ready }) => ready));
    // What is loaded for the first time takes its time: only after one drill is everything quick enough to be recorded.
    await Promise.all(workers.map((worker) => worker.ask('record', SCENARIOS[0]?.name)));
    const recorded = new Map<string, Recorded>();
    await spread(workers, SCENARIOS, async (worker, { name }) => {
      const { entered, ...rest } = await worker.ask<Sent>('record', name);
      recorded.set(name, { ...rest, entered: new Map(entered) });
    });
    const cases = SCENARIOS.flatMap((scenario) => {
      const found = recorded.get(scenario.name);
      return found ? casesOf(scenario, found) : [];
    });
    return { recorded, cases, end, run: (chosen, told) => run(workers, chosen, told) };
  } catch (error) {
    end();
    throw error;
  }
}

async function run(
  workers: readonly Worker[],
  cases: readonly Case[],
  told: (left: number) => void = () => {},
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  await spread(workers, [...cases.entries()], async (worker, [place, one]) => {
    rows[place] = await worker.ask<Row>('run', one);
    told(cases.length - place);
  });
  return rows;
}

async function spread<Item>(
  workers: readonly Worker[],
  items: readonly Item[],
  work: (worker: Worker, item: Item) => Promise<void>,
): Promise<void> {
  const left = [...items];
  await Promise.all(
    workers.map(async (worker) => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await work(worker, item);
    }),
  );
}
