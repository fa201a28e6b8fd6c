import type { Emit } from '../aws/events.ts';
import type { InvokeFunction } from '../aws/functions.ts';
import { type Endpoint, jsonEndpoint } from '../aws/protocol.ts';
import { executionOperations } from './execution-operations.ts';
import { executionsAt } from './executions.ts';
import { stateMachineOperations } from './state-machine-operations.ts';
import { stateMachinesAt } from './state-machines.ts';
import { taskOperations } from './task-operations.ts';

export interface StepFunctions {
  /** AWS JSON 1.0; clients sign for `states`. */
  readonly endpoint: Endpoint;
  /** What StartExecution does, for callers in this process. Throws `AwsError`. */
  startExecution(stateMachineArn: string, input: unknown, name?: string): { executionArn: string };
  /** Closes what ran when the process was killed as ABORTED, and reports it. Call once, when event rules are in place. */
  recoverInterrupted(): void;
  /** Leaves running executions as a kill would: the next start finds them. */
  close(): Promise<void>;
}

export interface StepFunctionsOptions {
  /** What survives: state machines, executions and their histories. */
  readonly directory: string;
  readonly invokeFunction: InvokeFunction;
  readonly emit: Emit;
  /** Epoch milliseconds, for dates. Timers are real. */
  readonly now?: () => number;
}

export function startStepFunctions({
  directory,
  invokeFunction,
  emit,
  now = Date.now,
}: StepFunctionsOptions): StepFunctions {
  const stateMachines = stateMachinesAt(directory, now);
  const executions = executionsAt({ directory, stateMachines, invokeFunction, emit, now });
  return {
    endpoint: jsonEndpoint(
      {
        ...stateMachineOperations(stateMachines, executions),
        ...executionOperations(stateMachines, executions),
        ...taskOperations(executions.tokens),
      },
      '1.0',
    ),
    startExecution(stateMachineArn, input, name) {
      const { executionArn } = executions.start(stateMachineArn, JSON.stringify(input ?? {}), name);
      return { executionArn };
    },
    recoverInterrupted: () => executions.recoverInterrupted(),
    async close() {
      executions.close();
    },
  };
}
