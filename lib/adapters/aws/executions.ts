import { createHash } from 'node:crypto';
import {
  DescribeExecutionCommand,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { DrillRequest, DrillStarts } from '../../ports/drills.ts';
import type { Executions } from '../../ports/waits.ts';
import type { WitnessRuns } from '../../ports/witness.ts';

export function awsExecutions(sfn: SFNClient): Executions {
  return {
    async stop(executionArn, reason) {
      await sfn
        .send(new StopExecutionCommand({ executionArn, error: 'TakenOver', cause: reason }))
        .catch(unless('ExecutionDoesNotExist'));
    },
  };
}

/** The execution's name is the drill's id. */
export async function startDrill(
  sfn: SFNClient,
  stateMachineArn: string,
  drillId: string,
  request: DrillRequest,
): Promise<string> {
  const { executionArn } = await sfn.send(
    new StartExecutionCommand({ stateMachineArn, name: drillId, input: JSON.stringify(request) }),
  );
  return executionArn ?? '';
}

export function drillStarts(sfn: SFNClient, stateMachineArn: string): DrillStarts {
  return {
    async start(drillId, request) {
      try {
        await startDrill(sfn, stateMachineArn, drillId, request);
        return 'started';
      } catch (error) {
        if ((error as Error).name === 'ExecutionAlreadyExists') return 'taken';
        throw error;
      }
    },
  };
}

/** `null` while the execution is running. */
export async function endOf(
  sfn: SFNClient,
  executionArn: string,
): Promise<{ status: string; error: string } | null> {
  const {
    status = '',
    error = '',
    cause = '',
  } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
  return status === 'RUNNING' ? null : { status, error: `${error} ${cause}`.trim() };
}

/** The witness of a drill has a name of its own, so that it runs once however often it is started. */
export function witnessRuns(sfn: SFNClient, stateMachineArn: string): WitnessRuns {
  return {
    async start(drillId) {
      const input = JSON.stringify({ drillId });
      const name = witnessNameOf(drillId);
      await sfn
        .send(new StartExecutionCommand({ stateMachineArn, name, input }))
        .catch(unless('ExecutionAlreadyExists'));
    },
  };
}

/** Names of executions have at most 80 characters, as drill ids have. */
function witnessNameOf(drillId: string): string {
  if (drillId.length <= 72) return `${drillId}-witness`;
  return `${drillId.slice(0, 55)}-${createHash('sha256').update(drillId).digest('hex').slice(0, 16)}-witness`;
}

function unless(name: string): (error: Error) => void {
  return (error) => {
    if (error.name !== name) throw error;
  };
}
