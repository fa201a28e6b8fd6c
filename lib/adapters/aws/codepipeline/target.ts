import type { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import type { ECSClient } from '@aws-sdk/client-ecs';
import type { Plan } from '../../../drill/plan/plan.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Target } from '../../../ports/target.ts';
import { capture } from './capture.ts';
import { deployCommand, deployKnownBad, findKnownBad } from './deploy.ts';
import { observe } from './observe.ts';
import { recheck } from './recheck.ts';
import { rollBack, rollbackCommand } from './rollback.ts';
import { resources } from './service.ts';
import { steering } from './steering.ts';
import { tidyUp } from './tidy-up.ts';

export interface Pipeline {
  readonly codePipeline: CodePipelineClient;
  readonly ecs: ECSClient;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly target: Extract<Plan['target'], { kind: 'codepipeline' }>;
}

/** A pipeline of type V2, and the ECS service that one of its stages deploys to. */
export function codePipelineTarget(pipeline: Pipeline): Target {
  return {
    resources: () => resources(pipeline),
    capture: (knownBad, paths) => capture(pipeline, knownBad, paths),
    recheck: (captured, knownBad) => recheck(pipeline, captured, knownBad),
    steering: (context) => steering(pipeline, context),
    observe: (context) => observe(pipeline, context),
    deployCommand: (captured, knownBad) => deployCommand(pipeline, captured, knownBad),
    findKnownBad: (captured, knownBad) => findKnownBad(pipeline, captured, knownBad),
    deployKnownBad: (captured, knownBad, drillId) => deployKnownBad(pipeline, captured, knownBad, drillId),
    rollbackCommand: (path, context) => rollbackCommand(pipeline, path, context),
    rollBack: (path, context) => rollBack(pipeline, path, context),
    tidyUp: (context) => tidyUp(pipeline, context),
  };
}
