import { PathNotApplicable } from '../../../drill/errors.ts';
import type { PathName } from '../../../drill/path.ts';
import type { RollbackAccepted, TargetContext } from '../../../ports/target.ts';
import { recentDeployments } from '../ecs/read.ts';
import { rollBack, rollbackCommand, unlessRefused } from '../ecs/rollback.ts';
import { ecsServiceOf, serviceOf } from './service.ts';
import type { Sight } from './sight.ts';
import { deploymentsOf } from './steering.ts';
import type { Pipeline } from './target.ts';

/** The paths of the service behind the pipeline. */
export async function rollBackService(
  pipeline: Pipeline,
  path: PathName,
  context: TargetContext,
  sight: Sight,
): Promise<RollbackAccepted> {
  const ecs = ecsServiceOf(pipeline, serviceOf(context.captured));
  if (path !== 'ecs-stop-deployment') return rollBack(ecs, path, context);
  const [newest] = deploymentsOf(sight, await recentDeployments(ecs).catch(unlessRefused));
  const deployment = newest?.serviceDeploymentArn;
  if (!deployment || !context.deployed)
    throw new PathNotApplicable('the known-bad execution has made no deployment of the service');
  return rollBack(ecs, path, { ...context, deployed: { ...context.deployed, deployment } });
}

export function serviceCommand(pipeline: Pipeline, path: PathName, context: TargetContext): string {
  const service = serviceOf(context.captured);
  if (path !== 'ecs-stop-deployment') return rollbackCommand(ecsServiceOf(pipeline, service), path, context);
  const query = `aws ecs list-service-deployments --cluster ${service.cluster} --service ${service.service} --status PENDING IN_PROGRESS --query 'serviceDeployments[0].serviceDeploymentArn' --output text`;
  return `aws ecs stop-service-deployment --service-deployment-arn "$(${query})" --stop-type ROLLBACK`;
}
