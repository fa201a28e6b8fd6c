import type { PipelineDeclaration } from '@aws-sdk/client-codepipeline';
import type { Captured, CapturedPipeline } from '../../../drill/entry.ts';
import type { EcsService } from '../ecs/target.ts';
import { deployedBy, stageNamed } from './declaration.ts';
import { declarationOf } from './read.ts';
import type { Pipeline } from './target.ts';

type Service = CapturedPipeline['service'];

/** The pipeline and the service that its stage deploys to; without a pipeline there is no more to lock, and it is refused later. */
export async function resources(pipeline: Pipeline): Promise<readonly string[]> {
  const { target } = pipeline;
  const declaration = target.ecs ? undefined : await declarationOf(pipeline);
  const found = target.ecs ?? (declaration && servicesOf(declaration, target.stage)[0]);
  return [`codepipeline:${target.pipeline}`, ...(found ? [`ecs:${found.cluster}/${found.service}`] : [])];
}

/** What the ECS actions of the stage deploy to. */
export function servicesOf(declaration: PipelineDeclaration, stage: string): readonly Service[] {
  return (stageNamed(declaration, stage)?.actions ?? []).flatMap((action) => deployedBy(action) ?? []);
}

export function ecsServiceOf({ ecs, clock }: Pipeline, service: Service): EcsService {
  return { ecs, clock, ...service };
}

/** The service behind the pipeline that was captured. */
export function serviceOf(captured: Captured): Service {
  return capturedPipelineOf(captured).service;
}

export function capturedPipelineOf({ pipeline, revision }: Captured): CapturedPipeline {
  if (!pipeline) throw new Error(`${revision} was captured of a service without a pipeline`);
  return pipeline;
}
