import type { Machine } from './asl.ts';
import { mainBranch, type Run, record } from './branch.ts';
import { asStateError, Cancelled } from './errors.ts';
import type { ExecutionRecord, Status } from './execution-store.ts';
import { type History, startHistory } from './history.ts';
import type { Services } from './integrations.ts';
import { runMachine } from './machine.ts';
import type { Payload } from './payload.ts';
import { after } from './timers.ts';
import type { Tokens } from './tokens.ts';

export interface LiveExecution {
  /** As it is at this moment. */
  readonly record: ExecutionRecord;
  /** Begins with the first state. */
  run(): void;
  stop(error: string | undefined, cause: string | undefined): void;
  /** As if the process had been killed: nothing more is recorded or reported. */
  abandon(): void;
}

export interface LiveOptions {
  readonly started: Omit<ExecutionRecord, 'history'>;
  readonly machine: Machine;
  readonly context: { readonly roleArn: string; readonly stateMachineName: string };
  readonly services: Services;
  readonly tokens: Tokens;
  readonly now: () => number;
  readonly changed: () => void;
  readonly ended: () => void;
}

type Ending = Pick<ExecutionRecord, 'output' | 'error' | 'cause'>;

export function liveExecution(options: LiveOptions): LiveExecution {
  const { machine, now } = options;
  const history = startHistory(now, options.changed);
  const input: Payload = { value: JSON.parse(options.started.input), text: options.started.input };
  const branch = mainBranch(runOf(options, history, input));
  let current: Omit<ExecutionRecord, 'history'> = options.started;
  let disarm = () => {};

  return {
    get record() {
      return { ...current, history: history.events };
    },
    run() {
      const { roleArn } = options.context;
      record(branch, 'ExecutionStarted', { input: input.text, inputDetails: { truncated: false }, roleArn });
      if (machine.TimeoutSeconds !== undefined) disarm = after(machine.TimeoutSeconds * 1000, timeOut);
      runMachine(machine, input, branch).then(succeed, fail);
    },
    stop(error, cause) {
      branch.cancellation.cancel();
      end('ABORTED', 'ExecutionAborted', ending({ error, cause }));
    },
    abandon() {
      disarm();
      history.seal();
      branch.cancellation.cancel();
    },
  };

  function succeed(output: Payload): void {
    end('SUCCEEDED', 'ExecutionSucceeded', { output: output.text });
  }

  function fail(thrown: unknown): void {
    if (thrown instanceof Cancelled) return;
    const { errorName, causeText } = asStateError(thrown);
    end('FAILED', 'ExecutionFailed', ending({ error: errorName, cause: causeText }));
  }

  /** AWS names the error in the event only, and gives the event no predecessor. */
  function timeOut(): void {
    end('TIMED_OUT', 'ExecutionTimedOut', {}, { error: 'States.Timeout' });
  }

  /** The first ending is the only one. */
  function end(status: Status, type: string, result: Ending, details: object = result): void {
    if (current.status !== 'RUNNING') return;
    disarm();
    const shown = 'output' in result ? { ...details, outputDetails: { truncated: false } } : { ...details };
    history.append(type, status === 'TIMED_OUT' ? 0 : branch.lastEventId, shown);
    history.seal();
    current = { ...current, ...result, status, stopDate: now() };
    branch.cancellation.cancel();
    options.ended();
  }
}

function runOf(options: LiveOptions, history: History, input: Payload): Run {
  const { started, context, services, tokens, now } = options;
  return {
    services,
    tokens,
    history,
    now,
    runMachine,
    context: {
      Execution: {
        Id: started.executionArn,
        Name: started.name,
        Input: input.value,
        RoleArn: context.roleArn,
        StartTime: new Date(started.startDate).toISOString(),
        RedriveCount: 0,
      },
      StateMachine: { Id: started.stateMachineArn, Name: context.stateMachineName },
    },
  };
}

function ending({ error, cause }: { error: string | undefined; cause: string | undefined }): Ending {
  return { ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) };
}
