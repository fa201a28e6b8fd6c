import { createHash } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Document, documentAt } from '../state.ts';
import type { HistoryEvent } from './history.ts';

export type Status = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** Dates in epoch milliseconds; input and output as JSON text. */
export interface ExecutionRecord {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  readonly status: Status;
  readonly startDate: number;
  readonly stopDate?: number;
  readonly input: string;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
  readonly history: readonly HistoryEvent[];
}

export interface ExecutionStore {
  read(executionArn: string): ExecutionRecord | undefined;
  write(record: ExecutionRecord): void;
  /** Every record of one state machine, in no order. */
  readAll(stateMachineName: string): readonly ExecutionRecord[];
  removeAll(stateMachineName: string): void;
  /** ARNs of what ran when the process ended, so that a start need not read everything. */
  readonly open: Document<readonly string[]>;
}

/** One document per execution; the name of the file only has to be unique on every file system. */
export function executionStoreAt(directory: string): ExecutionStore {
  const folder = (stateMachineName: string) => join(directory, 'executions', digest(stateMachineName));
  const documentOf = (executionArn: string) => {
    const [stateMachineName = '', name = ''] = executionArn.split(':').slice(6);
    const path = join(folder(stateMachineName), `${digest(name)}.json`);
    return documentAt<ExecutionRecord | undefined>(path, undefined);
  };
  return {
    read: (executionArn) => documentOf(executionArn).read(),
    write: (record) => documentOf(record.executionArn).write(record),
    readAll: (stateMachineName) =>
      filesIn(folder(stateMachineName))
        .map((file) => documentAt<ExecutionRecord | undefined>(file, undefined).read())
        .filter((record) => record !== undefined),
    removeAll: (stateMachineName) => rmSync(folder(stateMachineName), { recursive: true, force: true }),
    open: documentAt<readonly string[]>(join(directory, 'open-executions.json'), []),
  };
}

function digest(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 32);
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith('.json'))
      .map((file) => join(folder, file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
