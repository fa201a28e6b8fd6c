import { digestOf } from '../../drill/digest.ts';
import type { Plan } from '../../drill/plan/plan.ts';
import type { Plans } from '../../ports/drills.ts';
import type { PathReader } from '../../ports/target.ts';
import * as ofPipeline from './codepipeline/path-fingerprint.ts';
import { declarationOf } from './codepipeline/read.ts';
import { ecsServiceOf, servicesOf } from './codepipeline/service.ts';
import type { Pipeline } from './codepipeline/target.ts';
import * as ofService from './ecs/path-fingerprint.ts';
import { describe } from './ecs/read.ts';
import type { EcsService } from './ecs/target.ts';

interface Targets {
  readonly service: (plan: Plan) => EcsService;
  readonly pipeline: (plan: Plan) => Pipeline | null;
}

/** Reads the deployed plan, and the service or the pipeline that it names. */
export function deployedPath(plans: Plans, { service, pipeline }: Targets): PathReader {
  return async (name) => {
    const plan = await plans.load(name);
    if (!plan) return undefined;
    const through = pipeline(plan);
    const target = through ? await ofPipelineNow(through) : await ofServiceNow(service(plan));
    return { plan: digestOf(plan), target };
  };
}

async function ofServiceNow(service: EcsService): Promise<string> {
  return ofService.pathFingerprint(await found(service));
}

async function ofPipelineNow(pipeline: Pipeline): Promise<string> {
  const declaration = await declarationOf(pipeline);
  if (!declaration) throw new Error(`CodePipeline does not tell of pipeline ${pipeline.target.pipeline}`);
  const { ecs, stage } = pipeline.target;
  const service = ecs ?? servicesOf(declaration, stage)[0];
  if (!service) throw new Error(`stage ${stage} of pipeline ${declaration.name} deploys to no service`);
  return ofPipeline.pathFingerprint(declaration, await found(ecsServiceOf(pipeline, service)));
}

async function found(target: EcsService) {
  const service = await describe(target);
  if (service) return service;
  throw new Error(`ECS does not tell of service ${target.service} in cluster ${target.cluster}`);
}
