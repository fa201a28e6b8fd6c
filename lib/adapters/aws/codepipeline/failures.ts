import type { ActionExecutionDetail } from '@aws-sdk/client-codepipeline';
import type { PipelineFailure } from '../../../drill/target.ts';
import { isoOf } from '../ecs/observe.ts';
import { timeOf } from './read.ts';
import type { Sight } from './sight.ts';

/** What failed of the known-bad execution: its actions, its stages and the whole of it. */
export function failuresOf({ knownBad, actions, stages }: Sight): readonly PipelineFailure[] {
  if (!knownBad) return [];
  const id = knownBad.pipelineExecutionId ?? '';
  const failedActions = actions
    .filter(({ status }) => status === 'Failed')
    .map((action) => ofAction(id, action));
  const failedStages = stages.flatMap(({ stageName = '', latestExecution }) => {
    const isTold = latestExecution?.pipelineExecutionId === id && latestExecution.status === 'Failed';
    const own = actions.filter((action) => action.stageName === stageName);
    if (!isTold && !hasFailed(own)) return [];
    return [ofStage(id, stageName, own, isoOf(knownBad.lastUpdateTime))];
  });
  const whole = {
    stage: null,
    action: null,
    at: isoOf(knownBad.lastUpdateTime) ?? '',
    reason: `execution ${id} failed${knownBad.statusSummary ? `: ${knownBad.statusSummary}` : ''}`,
  };
  return [...failedActions, ...failedStages, ...(knownBad.status === 'Failed' ? [whole] : [])];
}

function ofAction(id: string, action: ActionExecutionDetail): PipelineFailure {
  const { stageName = '', actionName = '', lastUpdateTime } = action;
  return {
    stage: stageName,
    action: actionName,
    at: isoOf(lastUpdateTime) ?? '',
    reason: `action ${stageName}/${actionName} of execution ${id} failed${causeOf(action)}`,
  };
}

function ofStage(
  id: string,
  stage: string,
  own: readonly ActionExecutionDetail[],
  otherwise: string | null,
): PipelineFailure {
  const failed = own.findLast(({ status }) => status === 'Failed');
  const ended = own.toSorted((a, b) => timeOf(a.lastUpdateTime) - timeOf(b.lastUpdateTime)).at(-1);
  return {
    stage,
    action: null,
    at: (failed ? isoOf(ended?.lastUpdateTime) : otherwise) ?? '',
    reason: `stage ${stage} of execution ${id} failed${failed ? `: action ${failed.actionName}${causeOf(failed)}` : ''}`,
  };
}

/** A stage that was left by a later execution tells its own end no more: its actions do, each by its last attempt. */
function hasFailed(own: readonly ActionExecutionDetail[]): boolean {
  const last = new Map(own.map((action) => [action.actionName, action.status]));
  const statuses = [...last.values()];
  return statuses.includes('Failed') && !statuses.includes('InProgress');
}

function causeOf({ output }: ActionExecutionDetail): string {
  const { errorDetails, externalExecutionSummary } = output?.executionResult ?? {};
  const cause = errorDetails ? `${errorDetails.code}: ${errorDetails.message}` : externalExecutionSummary;
  return cause ? `: ${cause}` : '';
}
