import { StopServiceDeploymentCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { PathNotApplicable, TransientFault } from '../../../drill/errors.ts';
import type { PathName } from '../../../drill/path.ts';
import type { RollbackAccepted, TargetContext } from '../../../ports/target.ts';
import { isThrottled } from '../throttled.ts';
import type { EcsService } from './target.ts';

/**
 * Resolves when ECS has accepted the call. Both calls may be repeated: the same request again changes nothing; only after
 * another rollback all tasks are replaced, whatever they run. Throws
 * `TransientFault` when it is not known whether the call was accepted.
 */
export async function rollBack(
  { ecs, cluster, service }: EcsService,
  path: PathName,
  context: TargetContext,
): Promise<RollbackAccepted> {
  switch (path) {
    case 'automatic':
      throw new PathNotApplicable('an automatic rollback is the target’s own; it cannot be called');
    case 'ecs-stop-deployment':
      await ecs
        .send(
          new StopServiceDeploymentCommand({
            serviceDeploymentArn: context.deployed?.deployment,
            stopType: 'ROLLBACK',
          }),
        )
        .catch(notStoppable)
        .catch(unlessRefused);
      return {};
    case 'ecs-previous-task-definition':
      await ecs
        .send(
          new UpdateServiceCommand({
            cluster,
            service,
            taskDefinition: context.captured.lastHealthy.taskDefinition,
            ...(context.isAgain ? { forceNewDeployment: true } : {}),
          }),
        )
        .catch(unlessRefused);
      return {};
    case 'codepipeline-rollback-stage':
    case 'codepipeline-redeploy':
      throw new PathNotApplicable(`${path} needs a pipeline; the target is an ECS service`);
    default:
      return path satisfies never;
  }
}

export function rollbackCommand(
  { cluster, service }: EcsService,
  path: PathName,
  { captured, deployed, isAgain }: TargetContext,
): string {
  switch (path) {
    case 'automatic':
      return '# the target rolls itself back';
    case 'ecs-stop-deployment':
      return `aws ecs stop-service-deployment --service-deployment-arn ${deployed?.deployment ?? 'SERVICE_DEPLOYMENT_ARN'} --stop-type ROLLBACK`;
    case 'ecs-previous-task-definition':
      return `aws ecs update-service --cluster ${cluster} --service ${service} --task-definition ${captured.lastHealthy.taskDefinition}${isAgain ? ' --force-new-deployment' : ''}`;
    case 'codepipeline-rollback-stage':
    case 'codepipeline-redeploy':
      return '# an ECS service has no pipeline';
    default:
      return path satisfies never;
  }
}

/** The deployment reached its end between our reading and our call. */
function notStoppable(error: Error): never {
  if (error.name === 'ConflictException') throw new PathNotApplicable(error.message, { cause: error });
  throw error;
}

/** Only an answer of AWS that refuses the call for what it is says that nothing was done, and that a repetition would not help. */
export function unlessRefused(
  error: Error & { readonly $fault?: string; readonly $retryable?: unknown },
): never {
  if (error.name === 'PathNotApplicable') throw error;
  if (error.$fault === 'client' && !error.$retryable && !isThrottled(error)) throw error;
  throw new TransientFault(error.message, { cause: error });
}
