import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFunctions } from '../../lib/infra/bundle.ts';
import { casesFrom, nameOf, type RealCase, type Recording } from './real-case.ts';

/** What came of one drill on real processes. */
export interface RealRow {
  readonly what: string;
  readonly fault: string;
  readonly outcome: string;
  /** The promises that were broken, each by its name. */
  readonly broken: readonly string[];
  readonly tookMs: number;
}

export interface RealOptions {
  /** Sandboxes side by side. */
  readonly parallel?: number;
  /** How many cases, besides the clean drills that they are made from. */
  readonly cases?: number;
  /** Hears of each row as soon as it is there. */
  readonly tell?: (row: RealRow) => void;
}

const CASES = 48;
const LANE = new URL('programs/real-lane.ts', import.meta.url);
const LANE_LIMIT_MS = 200_000;

/** Drills real processes under faults that are made from the calls and states of a clean drill. */
export async function runRealCases({
  parallel = 3,
  cases = CASES,
  tell = () => {},
}: RealOptions = {}): Promise<readonly RealRow[]> {
  const directory = await mkdtemp(join(tmpdir(), 'sweep-'));
  const rows: RealRow[] = [];
  const add = (row: RealRow): void => {
    rows.push(row);
    tell(row);
  };
  try {
    const code = join(directory, 'functions');
    await bundleFunctions(code);
    const lanes = await startLanes(directory, code, parallel);
    for (const { recording } of lanes) add(recording.row);
    const [first] = lanes;
    const queue = (first ? casesFrom(productOf(first.recording), cases) : []).values();
    await Promise.all(lanes.map((lane) => work(lane, queue, add)));
    return rows;
  } finally {
    await rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

interface Lane {
  readonly process: ChildProcess;
  readonly recording: Recording & { readonly row: RealRow };
}

function startLanes(directory: string, code: string, parallel: number): Promise<readonly Lane[]> {
  return Promise.all(
    Array.from({ length: parallel }, async (_, index) => {
      const args = [join(directory, `lane-${index}`), code, `lane-${index}`];
      const lane = fork(LANE, args, { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
      return { process: lane, recording: await answerOf<Lane['recording']>(lane) };
    }),
  );
}

async function work(lane: Lane, queue: Iterator<RealCase>, add: (row: RealRow) => void): Promise<void> {
  for (let next = queue.next(); !next.done; next = queue.next()) {
    const answer = answerOf<RealRow>(lane.process);
    lane.process.send(next.value);
    add(await answer.catch((error: Error) => ({ ...nameOf(next.value), ...lost(error) })));
    if (!lane.process.connected) return;
  }
  const ended = once(lane.process, 'exit');
  lane.process.send('close');
  await ended;
}

/** Neither reading the drill's own records nor what the shop does with its queue is a call of the product. */
const OURS = new Set([
  'states.DescribeExecution',
  'states.GetExecutionHistory',
  'sqs.SendMessage',
  'sqs.ReceiveMessage',
  'sqs.DeleteMessage',
]);

function productOf({ calls, states }: Recording): Recording {
  return { calls: Object.fromEntries(Object.entries(calls).filter(([call]) => !OURS.has(call))), states };
}

function lost(error: Error): Omit<RealRow, 'what' | 'fault'> {
  return { outcome: 'none', broken: [`the sandbox was lost: ${error.message}`], tookMs: 0 };
}

function answerOf<T>(lane: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (then: () => void): void => {
      clearTimeout(limit);
      lane.off('message', answered);
      lane.off('exit', over);
      then();
    };
    const answered = (answer: unknown): void => settle(() => resolve(answer as T));
    const over = (code: number | null): void => settle(() => reject(new Error(`it ended with ${code}`)));
    const limit = setTimeout(() => {
      lane.kill('SIGKILL');
      settle(() => reject(new Error(`no answer in ${LANE_LIMIT_MS} ms`)));
    }, LANE_LIMIT_MS);
    lane.once('message', answered);
    lane.once('exit', over);
  });
}
