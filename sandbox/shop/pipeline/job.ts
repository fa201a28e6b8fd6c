import {
  CodePipelineClient,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
} from '@aws-sdk/client-codepipeline';
import * as v from 'valibot';

const artifact = v.object({
  location: v.object({ s3Location: v.object({ bucketName: v.string(), objectKey: v.string() }) }),
});
const credentials = v.object({
  accessKeyId: v.string(),
  secretAccessKey: v.string(),
  sessionToken: v.string(),
});
const event = v.object({
  'CodePipeline.job': v.object({
    id: v.string(),
    data: v.object({
      actionConfiguration: v.object({
        configuration: v.object({ UserParameters: v.optional(v.string(), '{}') }),
      }),
      inputArtifacts: v.array(artifact),
      outputArtifacts: v.array(artifact),
      artifactCredentials: credentials,
    }),
  }),
});

/** What CodePipeline hands to a function, by its documentation. */
export type JobData = v.InferOutput<typeof event>['CodePipeline.job']['data'];

/** What a person reads of a job that went well, and what later actions may refer to. */
export interface Done {
  readonly summary: string;
  readonly outputVariables?: Record<string, string>;
}

const LONGEST_TEXT = 2_048;
const client = new CodePipelineClient({});

/** Does the job that the event brings, and tells CodePipeline what became of it; what `work` throws fails it. */
export async function doJob(brought: unknown, work: (job: JobData) => Promise<Done>): Promise<void> {
  const { id: jobId, data } = v.parse(event, brought)['CodePipeline.job'];
  const answer = await work(data).then(
    (done) => success(jobId, done),
    (error: Error) => failure(jobId, error),
  );
  await ('failureDetails' in answer
    ? client.send(new PutJobFailureResultCommand(answer))
    : client.send(new PutJobSuccessResultCommand(answer)));
}

/** The `UserParameters` of the action, which are JSON; throws for what is not as `schema` has it. */
export function parametersOf<Schema extends v.GenericSchema>(
  { actionConfiguration: { configuration } }: JobData,
  schema: Schema,
): v.InferOutput<Schema> {
  return v.parse(v.pipe(v.string(), v.parseJson(), schema), configuration.UserParameters);
}

function success(jobId: string, { summary, outputVariables = {} }: Done) {
  console.log(summary);
  const executionDetails = { summary: summary.slice(0, LONGEST_TEXT), externalExecutionId: jobId };
  return { jobId, executionDetails, outputVariables };
}

function failure(jobId: string, { message }: Error) {
  console.error(message);
  const type = 'JobFailed' as const;
  return {
    jobId,
    failureDetails: { type, message: message.slice(0, LONGEST_TEXT), externalExecutionId: jobId },
  };
}
