import * as v from 'valibot';
import { integer, members, oneOf, read, text } from '../aws/input.ts';
import { AwsError, type JsonObject, type Operation } from '../aws/protocol.ts';
import { isUnderWay } from './actions.ts';
import { type Context, pipelineNamed, stageNamed } from './context.ts';
import { name, variableName } from './declaration.ts';
import { VALIDATION } from './errors.ts';
import type { JobResult } from './jobs.ts';
import { runOf } from './stages.ts';
import { isApproval } from './structure.ts';

const limited = (most: number) => v.pipe(text, v.maxLength(most, `must have at most ${most} characters`));
const approvalInput = members({
  pipelineName: name,
  stageName: name,
  actionName: name,
  result: members({
    summary: v.pipe(v.string('must be a string'), v.maxLength(512, 'must have at most 512 characters')),
    status: oneOf(['Approved', 'Rejected']),
  }),
  token: text,
});
const successInput = members({
  jobId: text,
  currentRevision: v.optional(
    members({
      revision: limited(1_500),
      changeIdentifier: limited(100),
      created: v.optional(v.number()),
      revisionSummary: v.optional(limited(2_048)),
    }),
  ),
  continuationToken: v.optional(limited(2_048)),
  executionDetails: v.optional(
    members({
      summary: v.optional(limited(2_048)),
      externalExecutionId: v.optional(limited(1_500)),
      percentComplete: v.optional(integer(0, 100)),
    }),
  ),
  outputVariables: v.optional(v.record(variableName, v.string('must be a string')), {}),
});
const failureInput = members({
  jobId: text,
  failureDetails: members({
    type: oneOf([
      'JobFailed',
      'ConfigurationError',
      'PermissionError',
      'RevisionOutOfSync',
      'RevisionUnavailable',
      'SystemUnavailable',
    ]),
    message: limited(5_000),
    externalExecutionId: v.optional(limited(1_500)),
  }),
});

const MOST_VARIABLES_CHARACTERS = 122_880;

/** What people and workers answer. `caller` is an ARN. */
export function answerOperations(context: Context, caller: string): Readonly<Record<string, Operation>> {
  return {
    PutApprovalResult: (input) => approve(context, caller, input),
    PutJobSuccessResult(input) {
      const asked = read(successInput, input, VALIDATION);
      context.jobs.settle(asked.jobId, successOf(asked));
      return {};
    },
    PutJobFailureResult(input) {
      const { jobId, failureDetails } = read(failureInput, input, VALIDATION);
      const { type: code, message, externalExecutionId } = failureDetails;
      context.jobs.settle(jobId, {
        status: 'Failed',
        code,
        message,
        ...(externalExecutionId !== undefined && { externalExecutionId }),
      });
      return {};
    },
  };
}

function approve(context: Context, caller: string, input: JsonObject): object {
  const asked = read(approvalInput, input, VALIDATION);
  const pipeline = pipelineNamed(context, asked.pipelineName);
  const stage = stageNamed(pipeline, asked.stageName);
  const declaration = stage.actions.find((each) => each.name === asked.actionName);
  if (!declaration || !isApproval(declaration))
    throw new AwsError(
      'ActionNotFoundException',
      `The stage '${stage.name}' has no approval action '${asked.actionName}'.`,
    );
  // The token is forgotten when the action ends; as its external id it stays.
  const action = context.store
    .executions(pipeline.name)
    .flatMap((execution) => runOf(execution, stage.name)?.actions ?? [])
    .find((each) => each.name === declaration.name && each.externalExecutionId === asked.token);
  if (!action)
    throw new AwsError(
      'InvalidApprovalTokenException',
      `No approval of '${declaration.name}' has this token.`,
    );
  if (!isUnderWay(action))
    throw new AwsError(
      'ApprovalAlreadyCompletedException',
      `The approval '${declaration.name}' is ${action.status} already.`,
    );
  const { status, summary } = asked.result;
  const approved = { status: 'Succeeded', externalExecutionSummary: summary } as const;
  const message = `Rejected by ${caller}: ${summary}`;
  const rejected = { ...approved, status: 'Failed', code: 'JobFailed', message } as const;
  context.actions.end(action.id, { result: status === 'Approved' ? approved : rejected, by: caller });
  return { approvedAt: context.now() / 1000 };
}

function successOf(asked: v.InferOutput<typeof successInput>): JobResult {
  const { outputVariables, executionDetails, currentRevision, continuationToken } = asked;
  const characters = JSON.stringify(outputVariables).length;
  if (characters > MOST_VARIABLES_CHARACTERS)
    throw new AwsError(
      'OutputVariablesSizeExceededException',
      `The output variables have ${characters} characters; at most ${MOST_VARIABLES_CHARACTERS} are allowed.`,
    );
  const { summary, externalExecutionId } = executionDetails ?? {};
  const { revision: revisionId, revisionSummary } = currentRevision ?? {};
  return {
    status: 'Succeeded',
    outputVariables,
    ...(summary !== undefined && { summary }),
    ...(externalExecutionId !== undefined && { externalExecutionId }),
    ...(continuationToken !== undefined && { continuationToken }),
    ...(revisionId !== undefined && {
      revision: { revisionId, ...(revisionSummary !== undefined && { revisionSummary }) },
    }),
  };
}
