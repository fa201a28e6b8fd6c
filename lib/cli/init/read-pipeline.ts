import { GetPipelineCommand, type PipelineDeclaration } from '@aws-sdk/client-codepipeline';
import { codePipeline } from '../../adapters/aws/clients.ts';
import { deployedBy, revisionTypesOf, stageNames } from '../../adapters/aws/codepipeline/declaration.ts';
import { UsageError } from '../command.ts';
import type { FoundPipeline } from './found.ts';

export interface PipelineAndService {
  readonly pipeline: FoundPipeline;
  readonly cluster: string;
  readonly service: string;
}

/** Reads a pipeline and finds the stage that deploys to a service; the one that is named, where there are several. */
export async function readPipeline(name: string, stage: string | undefined): Promise<PipelineAndService> {
  const { pipeline } = await codePipeline()
    .send(new GetPipelineCommand({ name }))
    .catch((error: Error) => {
      throw new UsageError(`--pipeline: ${name} cannot be read: ${error.name}: ${error.message}`);
    });
  if (!pipeline) throw new UsageError(`--pipeline: there is no pipeline ${name} in this account and Region.`);
  const deploying = deployments(pipeline).filter((each) => stage === undefined || each.stage === stage);
  const [found, ...others] = deploying;
  if (!found)
    throw new UsageError(
      `--pipeline: ${name} has no ${stage === undefined ? 'stage' : `stage '${stage}'`} that deploys to Amazon ECS; its stages are ${stageNames(pipeline).join(', ')}.`,
    );
  if (others.length > 0)
    throw new UsageError(
      `--stage: ${name} deploys in several stages; name one of ${deploying.map((each) => each.stage).join(', ')}.`,
    );
  return {
    cluster: found.cluster,
    service: found.service,
    pipeline: { ...around(pipeline, found.stage), pipeline: name },
  };
}

function deployments({ stages = [] }: PipelineDeclaration) {
  return stages.flatMap(({ name: stage = '', actions = [] }) =>
    actions.flatMap((action) => {
      const to = deployedBy(action);
      return to ? [{ stage, ...to }] : [];
    }),
  );
}

function around(pipeline: PipelineDeclaration, stage: string): Omit<FoundPipeline, 'pipeline'> {
  const names = stageNames(pipeline);
  const [nextStage = null, ...laterStages] = names.slice(names.indexOf(stage) + 1);
  return {
    stage,
    nextStage,
    laterStages,
    variables: (pipeline.variables ?? []).map(({ name = '' }) => name),
    sources: Object.entries(revisionTypesOf(pipeline)).map(([action, type]) => ({ action, type })),
    obstacles: obstaclesOf(pipeline),
  };
}

function obstaclesOf({
  pipelineType = 'V1',
  executionMode = 'SUPERSEDED',
}: PipelineDeclaration): readonly string[] {
  return [
    ...(pipelineType === 'V2' ? [] : [`its type is ${pipelineType}, and only V2 can roll a stage back`]),
    ...(executionMode === 'PARALLEL'
      ? ['its execution mode is PARALLEL, in which no stage can be rolled back']
      : []),
  ];
}
