import type { Emit } from '../aws/events.ts';
import type { InvokeFunction } from '../aws/functions.ts';
import { AwsError } from '../aws/protocol.ts';
import { type ExecutionRecord, executionStoreAt } from './execution-store.ts';
import { type LiveExecution, liveExecution } from './live-execution.ts';
import { checkName } from './names.ts';
import { PAYLOAD_LIMIT_BYTES } from './payload.ts';
import type { StateMachine, StateMachines } from './state-machines.ts';
import { statusChange } from './status-change.ts';
import { after } from './timers.ts';
import { type Tokens, taskTokens } from './tokens.ts';

export interface Executions {
  readonly tokens: Tokens;
  /** `input` is JSON text. The same name and input, while it runs, is the same execution. */
  start(stateMachineArn: string, input: string, name?: string): ExecutionRecord;
  stop(executionArn: string, error?: string, cause?: string): ExecutionRecord;
  /** Throws `ExecutionDoesNotExist`. */
  get(executionArn: string): ExecutionRecord;
  /** Newest first. */
  list(stateMachine: StateMachine): readonly ExecutionRecord[];
  /** Ends what still runs, and forgets all. */
  removeAll(stateMachine: StateMachine): void;
  recoverInterrupted(): void;
  close(): void;
}

export interface ExecutionsOptions {
  readonly directory: string;
  readonly stateMachines: StateMachines;
  readonly invokeFunction: InvokeFunction;
  readonly emit: Emit;
  readonly now: () => number;
}

/** A running execution is written at its start and end, and in between not more often than this. */
const CHECKPOINT_MS = 250;

const OPEN_LIMIT = 1_000;

export function executionsAt(options: ExecutionsOptions): Executions {
  const { stateMachines, now } = options;
  const store = executionStoreAt(options.directory);
  const live = new Map<string, LiveExecution>();
  const checkpoints = new Map<string, () => void>();
  const find = (executionArn: string) => live.get(executionArn)?.record ?? store.read(executionArn);
  const tokens = taskTokens((executionArn) => find(executionArn) !== undefined);
  const services = { invokeFunction: options.invokeFunction, startExecution: start };

  return { tokens, start, stop, get, list, removeAll, recoverInterrupted, close };

  function start(
    stateMachineArn: string,
    input: string,
    name: string = crypto.randomUUID(),
  ): ExecutionRecord {
    const stateMachine = stateMachines.get(stateMachineArn);
    const executionArn = executionArnOf(stateMachine, checkName(name));
    checkInput(input);
    const existing = find(executionArn);
    if (existing?.status === 'RUNNING' && existing.input === input) return existing;
    if (existing) throw alreadyExists(executionArn);
    if (live.size >= OPEN_LIMIT)
      throw new AwsError('ExecutionLimitExceeded', `${OPEN_LIMIT} executions run already.`);
    const execution = liveExecution({
      started: { executionArn, stateMachineArn, name, status: 'RUNNING', startDate: now(), input },
      machine: stateMachines.machineOf(stateMachine),
      context: { roleArn: stateMachine.roleArn, stateMachineName: stateMachine.name },
      services,
      tokens,
      now,
      changed: () => checkpoint(executionArn),
      ended: () => ended(executionArn),
    });
    live.set(executionArn, execution);
    writeOpen();
    store.write(execution.record);
    report(execution.record);
    execution.run();
    return execution.record;
  }

  function checkpoint(executionArn: string): void {
    if (checkpoints.has(executionArn)) return;
    const write = () => {
      checkpoints.delete(executionArn);
      const execution = live.get(executionArn);
      if (execution) store.write(execution.record);
    };
    checkpoints.set(executionArn, after(CHECKPOINT_MS, write));
  }

  function cancelCheckpoint(executionArn: string): void {
    checkpoints.get(executionArn)?.();
    checkpoints.delete(executionArn);
  }

  function ended(executionArn: string): void {
    const execution = live.get(executionArn);
    if (!execution) return;
    cancelCheckpoint(executionArn);
    store.write(execution.record);
    live.delete(executionArn);
    writeOpen();
    report(execution.record);
  }

  function writeOpen(): void {
    store.open.write([...live.keys()]);
  }

  function report(record: ExecutionRecord): void {
    try {
      options.emit(statusChange(record));
    } catch (error) {
      process.emitWarning(`The status change of ${record.executionArn} was not delivered: ${error}`);
    }
  }

  function get(executionArn: string): ExecutionRecord {
    const record = find(executionArn);
    if (!record) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${executionArn}'`);
    return record;
  }

  /** Stopping what has ended changes nothing, as on AWS. */
  function stop(executionArn: string, error?: string, cause?: string): ExecutionRecord {
    live.get(executionArn)?.stop(error, cause);
    return get(executionArn);
  }

  function list(stateMachine: StateMachine): readonly ExecutionRecord[] {
    return store
      .readAll(stateMachine.name)
      .map((record) => live.get(record.executionArn)?.record ?? record)
      .sort((a, b) => b.startDate - a.startDate || (a.executionArn < b.executionArn ? -1 : 1));
  }

  function removeAll({ stateMachineArn, name }: StateMachine): void {
    for (const execution of [...live.values()])
      if (execution.record.stateMachineArn === stateMachineArn) execution.stop(undefined, undefined);
    store.removeAll(name);
  }

  function recoverInterrupted(): void {
    for (const executionArn of store.open.read()) {
      const record = live.has(executionArn) ? undefined : store.read(executionArn);
      if (record?.status !== 'RUNNING') continue;
      const aborted = interrupted(record, now());
      store.write(aborted);
      report(aborted);
    }
    writeOpen();
  }

  function close(): void {
    for (const [executionArn, execution] of live) {
      cancelCheckpoint(executionArn);
      execution.abandon();
      store.write(execution.record);
    }
    live.clear();
  }
}

function interrupted(record: ExecutionRecord, at: number): ExecutionRecord {
  const ending = {
    error: 'Sandbox.Stopped',
    cause: 'The sandbox was stopped while this execution was running.',
  };
  const last = record.history.at(-1)?.id ?? 0;
  const event = {
    id: last + 1,
    previousEventId: last,
    type: 'ExecutionAborted',
    timestamp: at,
    executionAbortedEventDetails: ending,
  };
  return { ...record, ...ending, status: 'ABORTED', stopDate: at, history: [...record.history, event] };
}

function executionArnOf({ stateMachineArn }: StateMachine, name: string): string {
  return `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
}

function checkInput(input: string): void {
  try {
    JSON.parse(input);
  } catch {
    throw new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${input}'`);
  }
  if (Buffer.byteLength(input) > PAYLOAD_LIMIT_BYTES)
    throw new AwsError('ValidationException', `The input is longer than ${PAYLOAD_LIMIT_BYTES} bytes.`);
}

function alreadyExists(executionArn: string): AwsError {
  return new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${executionArn}'`);
}
