import type { ECSClient } from '@aws-sdk/client-ecs';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { Clock } from '../../../ports/clock.ts';
import type { Migrations } from '../../../ports/target.ts';
import { functionCommand, undoByFunction } from './by-function.ts';
import { taskCommand, undoByTask } from './by-task.ts';
import { readiness } from './readiness.ts';

export interface MigrationClients {
  readonly ecs: ECSClient;
  /** One that waits for the end of a function. */
  readonly lambda: LambdaClient;
  readonly clock: Clock;
}

/** The team's undo is a Lambda function or an ECS task. */
export function awsMigrations(clients: MigrationClients): Migrations {
  return {
    readiness: (undo) => readiness(clients, undo),
    undoCommand: (undo, run) =>
      undo.kind === 'lambda' ? functionCommand(undo, run) : taskCommand(undo, run),
    undo: (undo, run, signal) =>
      undo.kind === 'lambda'
        ? undoByFunction(clients, undo, run, signal)
        : undoByTask(clients, undo, run, signal),
  };
}
