import {
  CodePipelineClient,
  CreatePipelineCommand,
  GetPipelineExecutionCommand,
  ListPipelineExecutionsCommand,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline';
import {
  CreateBucketCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { zipSync } from 'fflate';
import { clientSettings } from '../aws/client-settings.ts';
import {
  ARTIFACTS_BUCKET,
  DESCRIPTOR,
  PIPELINE,
  RELEASES_BUCKET,
  SHOP_PIPELINE,
  SOURCE_KEY,
} from './pipeline-definition.ts';

type Environment = Readonly<Record<string, string>>;

const RELEASED_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 100;

/**
 * Sees to it that the shop's pipeline is there and has released once, through every stage. What is there already stays as
 * it is, whatever has become of it. Call it when the shop serves and the sandbox has resumed, and nothing else deploys.
 * Throws when the first release does not succeed within a minute.
 */
export async function releaseThroughPipeline(environment: Environment): Promise<void> {
  await putSource(environment);
  const client = new CodePipelineClient(clientSettings(environment));
  try {
    const created = await create(client);
    if (!created && (await hasReleased(client))) return;
    await untilSucceeded(client, (await underWay(client)) ?? (await start(client)));
  } finally {
    client.destroy();
  }
}

/** The buckets, and the descriptor of releases unless there is one. */
async function putSource(environment: Environment): Promise<void> {
  const s3 = new S3Client(clientSettings(environment));
  const source = { Bucket: RELEASES_BUCKET, Key: SOURCE_KEY };
  try {
    for (const Bucket of [RELEASES_BUCKET, ARTIFACTS_BUCKET])
      await s3.send(new CreateBucketCommand({ Bucket }));
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await s3.send(new PutBucketVersioningCommand({ Bucket: RELEASES_BUCKET, VersioningConfiguration }));
    const isThere = await s3.send(new HeadObjectCommand(source)).then(() => true, notFound);
    if (!isThere) await s3.send(new PutObjectCommand({ ...source, Body: sourceOf(DESCRIPTOR) }));
  } finally {
    s3.destroy();
  }
}

/** What the source of the pipeline is: a zip with `release.json`. */
export function sourceOf(descriptor: object): Uint8Array {
  return zipSync({ 'release.json': Buffer.from(JSON.stringify(descriptor)) });
}

function notFound(error: Error): false {
  if (error.name === 'NotFound' || error.name === 'NoSuchKey') return false;
  throw error;
}

/** Whether it was not there before. */
function create(client: CodePipelineClient): Promise<boolean> {
  return client.send(new CreatePipelineCommand({ pipeline: SHOP_PIPELINE })).then(
    () => true,
    (error: Error) => {
      if (error.name === 'PipelineNameInUseException') return false;
      throw error;
    },
  );
}

async function executions(client: CodePipelineClient) {
  const { pipelineExecutionSummaries = [] } = await client.send(
    new ListPipelineExecutionsCommand({ pipelineName: PIPELINE, maxResults: 100 }),
  );
  return pipelineExecutionSummaries;
}

/** Under any version of the pipeline: who changed it since must release by himself. */
async function hasReleased(client: CodePipelineClient): Promise<boolean> {
  const found = await executions(client);
  return found.some(({ status, executionType }) => status === 'Succeeded' && executionType === 'STANDARD');
}

/** A new pipeline releases of itself. */
async function underWay(client: CodePipelineClient): Promise<string | undefined> {
  const found = await executions(client);
  return found.find(({ status }) => status === 'InProgress')?.pipelineExecutionId;
}

async function start(client: CodePipelineClient): Promise<string> {
  const { pipelineExecutionId = '' } = await client.send(
    new StartPipelineExecutionCommand({ name: PIPELINE }),
  );
  return pipelineExecutionId;
}

async function untilSucceeded(client: CodePipelineClient, pipelineExecutionId: string): Promise<void> {
  const execution = new GetPipelineExecutionCommand({ pipelineName: PIPELINE, pipelineExecutionId });
  const deadline = Date.now() + RELEASED_WITHIN_MS;
  for (;;) {
    const { pipelineExecution: { status, statusSummary = '' } = {} } = await client.send(execution);
    if (status === 'Succeeded') return;
    if (status !== 'InProgress' || Date.now() > deadline) {
      const found = `${status} ${statusSummary}`.trim();
      const allowed = `it must be Succeeded within ${RELEASED_WITHIN_MS / 1000} s`;
      throw new Error(
        `The first release through the pipeline ${PIPELINE} (execution ${pipelineExecutionId}) is ${found}; ${allowed}. See its stages with GetPipelineState.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
