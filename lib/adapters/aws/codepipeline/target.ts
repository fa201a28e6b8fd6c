import type { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import type { ECSClient } from '@aws-sdk/client-ecs';
import type { Plan } from '../../../drill/plan/plan.ts';
import type { Clock } from '../../../ports/clock.ts';

/** A pipeline of type V2, and the ECS service that one of its stages deploys to. */
export interface Pipeline {
  readonly codePipeline: CodePipelineClient;
  readonly ecs: ECSClient;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly target: Extract<Plan['target'], { kind: 'codepipeline' }>;
}
