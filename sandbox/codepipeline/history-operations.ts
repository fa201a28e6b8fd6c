import * as v from 'valibot';
import { integer, members, oneOf, read, text } from '../aws/input.ts';
import type { JsonObject, Operation } from '../aws/protocol.ts';
import { type Context, executionNamed, pipelineNamed } from './context.ts';
import { name } from './declaration.ts';
import { describeAction, describeExecution, describeState, describeSummary } from './describe.ts';
import { VALIDATION } from './errors.ts';
import { MOST_RESULTS, pageOf } from './paging.ts';
import type { ActionRun, ExecutionRecord, PipelineRecord, StageRun } from './records.ts';
import { attemptOf, currentOf, latestActions, runOf } from './stages.ts';

const paged = {
  pipelineName: name,
  maxResults: v.optional(integer(1, MOST_RESULTS)),
  nextToken: v.optional(text),
};
const stateInput = members({ name });
const executionInput = members({ pipelineName: name, pipelineExecutionId: text });
const listInput = members({
  ...paged,
  filter: v.optional(members({ succeededInStage: v.optional(members({ stageName: v.optional(name) })) })),
});
const listActionsInput = members({
  ...paged,
  filter: v.optional(
    members({
      pipelineExecutionId: v.optional(text),
      latestInPipelineExecution: v.optional(
        members({ pipelineExecutionId: text, startTimeRange: oneOf(['Latest', 'All']) }),
      ),
    }),
  ),
});

/** What tells of executions and changes nothing. */
export function historyOperations(context: Context): Readonly<Record<string, Operation>> {
  const { store } = context;
  return {
    GetPipelineState(input) {
      const pipeline = pipelineNamed(context, read(stateInput, input, VALIDATION).name);
      return describeState(pipeline, store.executions(pipeline.name));
    },
    GetPipelineExecution(input) {
      const { pipelineName, pipelineExecutionId } = read(executionInput, input, VALIDATION);
      const pipeline = pipelineNamed(context, pipelineName);
      return {
        pipelineExecution: describeExecution(executionNamed(context, pipeline.name, pipelineExecutionId)),
      };
    },
    ListPipelineExecutions(input) {
      const { pipelineName, filter, ...page } = read(listInput, input, VALIDATION);
      const pipeline = pipelineNamed(context, pipelineName);
      const stageName = filter?.succeededInStage?.stageName;
      const found = store
        .executions(pipeline.name)
        .filter((each) => stageName === undefined || succeededIn(pipeline, each, stageName));
      const { items, ...next } = pageOf(found, ({ id }) => id, page);
      return { pipelineExecutionSummaries: items.map(describeSummary), ...next };
    },
    ListActionExecutions: (input) => listActions(context, input),
  };
}

/** Of what succeeded under another version of the pipeline AWS tells nothing here. */
function succeededIn(pipeline: PipelineRecord, execution: ExecutionRecord, stageName: string): boolean {
  return (
    execution.version === currentOf(pipeline).version && runOf(execution, stageName)?.status === 'Succeeded'
  );
}

function listActions(context: Context, input: JsonObject): object {
  const { pipelineName, filter, ...page } = read(listActionsInput, input, VALIDATION);
  const pipeline = pipelineNamed(context, pipelineName);
  const latest = filter?.latestInPipelineExecution;
  const id = filter?.pipelineExecutionId ?? latest?.pipelineExecutionId;
  const executions =
    id === undefined ? context.store.executions(pipeline.name) : [executionNamed(context, pipeline.name, id)];
  const found = executions
    .flatMap((execution) =>
      execution.stages.flatMap((stage) =>
        actionsOf(stage, latest?.startTimeRange).map((action) => ({ execution, stage, action })),
      ),
    )
    .sort((a, b) => b.action.order - a.action.order);
  const { items, ...next } = pageOf(found, ({ action }) => action.id, page);
  const actionExecutionDetails = items.map(({ execution, stage, action }) =>
    describeAction(execution, stage, action),
  );
  return { actionExecutionDetails, ...next };
}

/** `All`: the last execution of each action. `Latest`: of those only what the last retry of the stage ran. */
function actionsOf(stage: StageRun, range: 'Latest' | 'All' | undefined): readonly ActionRun[] {
  if (range === undefined) return stage.actions;
  const latest = latestActions(stage);
  return range === 'All' ? latest : latest.filter(({ attempt }) => attempt === attemptOf(stage));
}
