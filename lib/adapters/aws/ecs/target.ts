import type { ECSClient } from '@aws-sdk/client-ecs';
import type { Clock } from '../../../ports/clock.ts';
import type { Target } from '../../../ports/target.ts';
import { capture, recheck } from './capture.ts';
import { deployCommand, deployKnownBad, findKnownBad, tidyUp } from './known-bad.ts';
import { observe, steering } from './observe.ts';
import { rollBack, rollbackCommand } from './rollback.ts';

export interface EcsService {
  readonly ecs: ECSClient;
  readonly clock: Pick<Clock, 'now'>;
  readonly cluster: string;
  readonly service: string;
}

/** An ECS service with the rolling controller. */
export function ecsTarget(service: EcsService): Target {
  return {
    resources: () => resources(service),
    capture: (knownBad, paths) => capture(service, knownBad, paths),
    recheck: (captured, knownBad) => recheck(service, captured, knownBad),
    steering: (context) => steering(service, context),
    observe: (context) => observe(service, context),
    deployCommand: (captured, knownBad) => deployCommand(service, captured, knownBad),
    findKnownBad: (captured, knownBad) => findKnownBad(service, captured, knownBad),
    deployKnownBad: (captured, knownBad, drillId) => deployKnownBad(service, captured, knownBad, drillId),
    rollbackCommand: (path, context) => rollbackCommand(service, path, context),
    rollBack: (path, context) => rollBack(service, path, context),
    tidyUp: (context) => tidyUp(service, context),
  };
}

export async function resources({ cluster, service }: EcsService): Promise<readonly string[]> {
  return [`ecs:${cluster}/${service}`];
}
