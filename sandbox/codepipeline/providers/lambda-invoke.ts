import { setTimeout as pause } from 'node:timers/promises';
import { ACCOUNT } from '../../aws/account.ts';
import type { InvokeFunction } from '../../aws/functions.ts';
import type { ActionJob, ActionProvider, ActionResult, Artifact } from '../action.ts';
import type { JobResult, Jobs } from '../jobs.ts';
import { ActionFailed, failing, required } from './failure.ts';

export interface LambdaInvokeOptions {
  readonly invokeFunction: InvokeFunction;
  readonly jobs: Jobs;
  /** How long a function has to say what became of its job; 20 minutes as on AWS. */
  readonly answerWithinMs?: number;
  /** How long until a function that goes on is asked again. */
  readonly continueAfterMs?: number;
}

const ANSWER_WITHIN_MS = 20 * 60_000;
const CONTINUE_AFTER_MS = 500;
const MOST_CONTINUATIONS = 100;
const CREDENTIALS = {
  accessKeyId: 'codepipeline',
  secretAccessKey: 'codepipeline',
  sessionToken: 'codepipeline',
};

/**
 * Invoke/Lambda: the function gets a job, and says what became of it by PutJobSuccessResult or PutJobFailureResult.
 * What it returns means nothing.
 */
export function lambdaInvoke(options: LambdaInvokeOptions): ActionProvider {
  return { category: 'Invoke', provider: 'Lambda', run: (job) => failing(job, () => invoke(options, job)) };
}

async function invoke(options: LambdaInvokeOptions, job: ActionJob): Promise<ActionResult> {
  let continuationToken: string | undefined;
  for (let round = 0; round < MOST_CONTINUATIONS; round += 1) {
    const result = await answerTo(options, job, eventFor(job, continuationToken));
    if (result.status === 'Failed') return result;
    continuationToken = result.continuationToken;
    if (continuationToken === undefined) return succeeded(result);
    await pause(options.continueAfterMs ?? CONTINUE_AFTER_MS, undefined, { signal: job.signal });
  }
  const message = `The function ${required(job, 'FunctionName')} wanted to go on ${MOST_CONTINUATIONS} times; it must come to an end before.`;
  throw new ActionFailed('JobFailed', message);
}

/** A function that crashes is not asked again: AWS repeats it twice, and then waits for an answer in vain. */
function answerTo(
  { invokeFunction, jobs, answerWithinMs = ANSWER_WITHIN_MS }: LambdaInvokeOptions,
  job: ActionJob,
  event: object,
): Promise<JobResult> {
  const name = required(job, 'FunctionName');
  const ending = new AbortController();
  const late = setTimeout(() => ending.abort(unanswered(name)), answerWithinMs);
  const answered = jobs.wait(job.id, AbortSignal.any([job.signal, ending.signal]));
  invokeFunction(name, event).then(
    (outcome) => {
      if (outcome.kind === 'function-error') ending.abort(crashed(name, outcome));
    },
    (error: Error & { readonly code?: string }) => ending.abort(refused(name, error)),
  );
  return answered.finally(() => clearTimeout(late));
}

function succeeded({
  externalExecutionId,
  summary,
  outputVariables,
}: JobResult & { status: 'Succeeded' }): ActionResult {
  return {
    status: 'Succeeded',
    outputVariables,
    ...(externalExecutionId === undefined ? {} : { externalExecutionId }),
    ...(summary === undefined ? {} : { externalExecutionSummary: summary }),
  };
}

function eventFor(job: ActionJob, continuationToken: string | undefined): object {
  const { id, configuration, inputArtifacts, outputArtifacts } = job;
  const data = {
    actionConfiguration: { configuration },
    inputArtifacts: inputArtifacts.map(located),
    outputArtifacts: outputArtifacts.map(located),
    artifactCredentials: CREDENTIALS,
    ...(continuationToken === undefined ? {} : { continuationToken }),
  };
  return { 'CodePipeline.job': { id, accountId: ACCOUNT, data } };
}

function located({ name, bucket, key }: Artifact): object {
  return {
    name,
    revision: null,
    location: { type: 'S3', s3Location: { bucketName: bucket, objectKey: key } },
  };
}

function unanswered(name: string): ActionFailed {
  const remedy =
    'Check the function to verify that it has permission to call the PutJobSuccessResult or PutJobFailureResult actions and that it made a call to PutJobSuccessResult or PutJobFailureResult.';
  return new ActionFailed(
    'JobFailed',
    `The AWS Lambda function ${name} failed to return a result. ${remedy}`,
  );
}

function crashed(
  name: string,
  { errorType, errorMessage }: { errorType: string; errorMessage: string },
): ActionFailed {
  return new ActionFailed(
    'JobFailed',
    `The AWS Lambda function ${name} ended with ${errorType}: ${errorMessage}`,
  );
}

function refused(name: string, error: Error & { readonly code?: string }): ActionFailed {
  const code = error.code === 'ResourceNotFoundException' ? 'ConfigurationError' : 'JobFailed';
  return new ActionFailed(code, `The AWS Lambda function ${name} could not be invoked: ${error.message}`);
}
