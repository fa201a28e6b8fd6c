import type { Service, ServiceDeploymentBrief } from '@aws-sdk/client-ecs';
import type { KnownBadDeployment, Steering } from '../../../drill/target.ts';
import type { TargetContext } from '../../../ports/target.ts';
import * as ofService from '../ecs/observe.ts';
import { describe, recentDeployments } from '../ecs/read.ts';
import type { EcsService } from '../ecs/target.ts';
import { definitionOf } from './definitions.ts';
import { desiredOf, isOfKnownBad, type LastHealthy } from './desired.ts';
import { knownBadDeployment } from './known-bad-deployment.ts';
import { timeOf } from './read.ts';
import { ecsServiceOf, serviceOf } from './service.ts';
import { look, ofStage, type Sight } from './sight.ts';
import type { Pipeline } from './target.ts';

/** Everything that was read of the pipeline and of the service behind it. */
export interface View {
  readonly sight: Sight;
  readonly service: Service;
  readonly lastHealthy: LastHealthy;
  readonly steering: Steering;
  /** The newest deployment of the service, whoever began it. */
  readonly newest: ServiceDeploymentBrief | undefined;
}

export async function steering(pipeline: Pipeline, context: TargetContext): Promise<Steering> {
  return (await view(pipeline, context)).steering;
}

/** Reads side by side: it is done between trigger and rollback call. */
export async function view(pipeline: Pipeline, context: TargetContext): Promise<View> {
  const { captured } = context;
  const ecs = ecsServiceOf(pipeline, serviceOf(captured));
  const [sight, service, recent, healthy] = await Promise.all([
    look(pipeline, context),
    describe(ecs),
    recentDeployments(ecs),
    definitionOf(ecs, captured.lastHealthy.taskDefinition),
  ]);
  if (!service) throw new Error(`ECS does not tell of service ${ecs.service} in cluster ${ecs.cluster}`);
  const primary = ofService.primaryOf(service);
  const [running, ofKnownBad] = await Promise.all([
    definitionOf(ecs, primary?.taskDefinition ?? ''),
    describeUnfinished(ecs, deploymentsOf(sight, recent)[0]),
  ]);
  const { desired, isDeploying } = desiredOf(sight, { captured, healthy, running, primary });
  const deployment = knownBadDeployment(sight, ofKnownBad, captured);
  const summary = `${summaryOf(pipeline, sight)}; ${ecs.cluster}/${ecs.service} steers to ${primary?.taskDefinition}: ${primary?.rolloutState}`;
  return {
    sight,
    service,
    lastHealthy: { captured, healthy },
    newest: recent[0],
    steering: { desired, isDeploying, knownBadDeployment: deployment, summary },
  };
}

/** Those that began in the known-bad execution's deploy stage, in the same order. */
export function deploymentsOf(
  sight: Sight,
  recent: readonly ServiceDeploymentBrief[],
): readonly ServiceDeploymentBrief[] {
  const [first] = ofStage(sight, sight.actions);
  const began = first?.startTime;
  if (!began) return [];
  return recent.filter(
    ({ createdAt }) => timeOf(createdAt) >= timeOf(began) && isOfKnownBad(sight, createdAt),
  );
}

/** One that succeeded has nothing more to tell. */
async function describeUnfinished(
  ecs: EcsService,
  brief: ServiceDeploymentBrief | undefined,
): Promise<KnownBadDeployment | null> {
  if (!brief || brief.status === 'SUCCESSFUL') return null;
  const found = await ofService.describeDeployment(ecs, brief.serviceDeploymentArn);
  return found ? ofService.knownBadDeployment(found) : null;
}

function summaryOf({ target }: Pipeline, sight: Sight): string {
  const { latestExecution } = sight.stage;
  const stage = `stage ${target.stage} of ${target.pipeline} has execution ${latestExecution?.pipelineExecutionId ?? 'none'}: ${latestExecution?.status ?? 'never run'}`;
  return `${stage}, the known-bad execution is ${sight.knownBad?.status ?? 'not known'}`;
}
