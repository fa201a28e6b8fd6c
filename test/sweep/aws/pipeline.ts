import type { Emit } from '../../../sandbox/aws/events.ts';
import type { Endpoint, HttpResponse } from '../../../sandbox/aws/protocol.ts';
import type { ActionJob, ActionProvider, ActionResult } from '../../../sandbox/codepipeline/action.ts';
import { type CodePipeline, startCodePipeline } from '../../../sandbox/codepipeline/service.ts';
import { HEALTHY, SERVICE } from '../shop-account.ts';

const LOOK_EVERY_MS = 500;
/** Longer than a deployment takes that gets through. */
const DEPLOYED_WITHIN_MS = 120_000;
const SMOKE_TAKES_MS = 1_000;
const REQUESTS = 3;

export interface SimulatedPipeline extends CodePipeline {
  /** As a team has released long ago: Source → Deploy → Smoke → Promote, once through all of them. */
  release(): Promise<void>;
}

interface Behind {
  readonly directory: string;
  readonly ecs: Endpoint;
  readonly answer: () => HttpResponse;
  readonly emit: Emit;
}

/** The sandbox's CodePipeline, whose actions do in memory what the shop's do with processes. */
export function simulatedPipeline({ directory, ecs, answer, emit }: Behind): SimulatedPipeline {
  // Of a name that no other account has: the product remembers task definitions, which never change.
  const family = `shop-${crypto.randomUUID()}`;
  const providers: readonly ActionProvider[] = [
    { category: 'Source', provider: 'S3', run: source },
    { category: 'Deploy', provider: 'ECS', run: (job) => deploy(ecs, family, job) },
    { category: 'Invoke', provider: 'Lambda', run: () => smoke(answer) },
  ];
  const service = startCodePipeline({ directory, providers, emit });
  return {
    ...service,
    async release() {
      await ask(service.endpoint, 'CreatePipeline', { pipeline: PIPELINE });
      for (;;) {
        const { pipelineExecutionSummaries = [] } = await ask<Executions>(
          service.endpoint,
          'ListPipelineExecutions',
          { pipelineName: PIPELINE.name },
        );
        if (pipelineExecutionSummaries[0]?.status === 'Succeeded') return;
        await sleep(LOOK_EVERY_MS);
      }
    },
  };
}

/** One operation of a service, as it is asked in JSON. */
export async function ask<Answer>(endpoint: Endpoint, operation: string, input: object): Promise<Answer> {
  const response = await endpoint({
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    headers: { 'x-amz-target': `Sweep.${operation}`, 'content-type': 'application/x-amz-json-1.1' },
    body: Buffer.from(JSON.stringify(input)),
  });
  const body = String(response.body ?? '{}');
  if (response.status !== 200) throw new Error(`${operation} was answered with ${response.status}: ${body}`);
  return JSON.parse(body) as Answer;
}

interface Executions {
  readonly pipelineExecutionSummaries?: readonly { readonly status: string }[];
}

interface Services {
  readonly services: readonly {
    readonly taskDefinition: string;
    readonly deployments: readonly { readonly taskDefinition: string; readonly rolloutState: string }[];
  }[];
}

interface Described {
  readonly taskDefinition: {
    readonly family: string;
    readonly taskDefinitionArn: string;
    readonly containerDefinitions: readonly object[];
  };
}

async function source({ sourceRevision }: ActionJob): Promise<ActionResult> {
  return { status: 'Succeeded', revision: { revisionId: sourceRevision?.value ?? 'version-1' } };
}

/** As the standard action does: what runs, with another image; it fails when the deployment does, or another one takes its place. */
async function deploy(ecs: Endpoint, family: string, job: ActionJob): Promise<ActionResult> {
  const { configuration, signal } = job;
  const { cluster, service } = SERVICE;
  const found = async () =>
    (await ask<Services>(ecs, 'DescribeServices', { cluster, services: [service] })).services[0];
  const running = await ask<Described>(ecs, 'DescribeTaskDefinition', {
    taskDefinition: (await found())?.taskDefinition ?? HEALTHY,
  });
  const image = `000000000000.dkr.ecr.us-east-1.amazonaws.com/shop:${configuration.ImageTag}`;
  const [container] = running.taskDefinition.containerDefinitions;
  const { taskDefinition } = await ask<Described>(ecs, 'RegisterTaskDefinition', {
    family,
    containerDefinitions: [{ ...container, image }],
  });
  const arn = taskDefinition.taskDefinitionArn;
  await ask(ecs, 'UpdateService', { cluster, service, taskDefinition: arn });
  const until = Date.now() + DEPLOYED_WITHIN_MS;
  while (!signal.aborted && Date.now() < until) {
    await sleep(LOOK_EVERY_MS);
    const deployments = (await found())?.deployments ?? [];
    if (deployments[0]?.taskDefinition !== arn) return failed(`${arn} was replaced`);
    if (deployments.length === 1 && deployments[0].rolloutState === 'COMPLETED')
      return { status: 'Succeeded', externalExecutionId: arn };
  }
  return failed(`${arn} did not become stable`);
}

async function smoke(answer: () => HttpResponse): Promise<ActionResult> {
  await sleep(SMOKE_TAKES_MS);
  const red = Array.from({ length: REQUESTS }, answer).filter(({ status }) => status !== 200);
  return red.length > 0 ? failed(`${red.length} of ${REQUESTS} requests failed`) : { status: 'Succeeded' };
}

function failed(message: string): ActionResult {
  return { status: 'Failed', code: 'JobFailed', message };
}

const PIPELINE = {
  name: 'shop',
  pipelineType: 'V2',
  executionMode: 'SUPERSEDED',
  roleArn: 'arn:aws:iam::000000000000:role/shop-pipeline',
  artifactStore: { type: 'S3', location: 'artifacts' },
  variables: [{ name: 'image_tag', defaultValue: 'healthy' }],
  stages: [
    stage('Source', 'Source', 'S3', { S3Bucket: 'releases', S3ObjectKey: 'release.zip' }, 'outputArtifacts'),
    stage(
      'Deploy',
      'Deploy',
      'ECS',
      {
        ClusterName: SERVICE.cluster,
        ServiceName: SERVICE.service,
        ImageTag: '#{variables.image_tag}',
      },
      'inputArtifacts',
    ),
    stage('Smoke', 'Invoke', 'Lambda', { FunctionName: 'smoke' }),
    stage('Promote', 'Invoke', 'Lambda', { FunctionName: 'promote' }),
  ],
};

function stage(
  name: string,
  category: string,
  provider: string,
  configuration: object,
  artifacts?: 'inputArtifacts' | 'outputArtifacts',
) {
  const actionTypeId = { category, owner: 'AWS', provider, version: '1' };
  const release = artifacts ? { [artifacts]: [{ name: 'release' }] } : {};
  return { name, actions: [{ name: `${name}It`, actionTypeId, configuration, ...release }] };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
