import type { Operation } from '../../aws/protocol.ts';
import { conflict, invalidParameter, serviceDeploymentNotFound } from '../errors.ts';
import { parse } from '../input.ts';
import type { Plane } from '../plane.ts';
import { isRollingBack, isUnfinished } from '../rollouts/finish.ts';
import { requestRollback, tellRollback } from '../rollouts/rollback.ts';
import { findServiceDeployment } from './find.ts';
import { stopServiceDeployment } from './input.ts';

const REASON = 'Service deployment rolled back because StopServiceDeployment was called.';

/** Safe to repeat: a rollback under way goes on. What is finished is a conflict. */
export function stopOperation(plane: Plane): Operation {
  return (raw) => {
    const { serviceDeploymentArn } = parse(stopServiceDeployment, raw);
    const found = findServiceDeployment(plane.state, serviceDeploymentArn);
    if (!found) throw serviceDeploymentNotFound();
    const { service, deployment } = found;
    if (!isUnfinished(deployment))
      throw conflict(`The service deployment is ${deployment.status} and cannot be stopped.`);
    if (isRollingBack(deployment)) return { serviceDeploymentArn };
    if (!service.lastCompleted)
      throw invalidParameter('The service has no completed service deployment to roll back to.');
    requestRollback(plane, service, deployment, REASON);
    plane.flush();
    tellRollback(plane, 'call', serviceDeploymentArn);
    return { serviceDeploymentArn };
  };
}
