import type { ECSClient } from '@aws-sdk/client-ecs';
import type { Clock } from '../../../ports/clock.ts';

/** An ECS service with the rolling controller. */
export interface EcsService {
  readonly ecs: ECSClient;
  readonly clock: Pick<Clock, 'now'>;
  readonly cluster: string;
  readonly service: string;
}

export async function resources({ cluster, service }: EcsService): Promise<readonly string[]> {
  return [`ecs:${cluster}/${service}`];
}
