import type { Captured } from '../entry.ts';
import { type Fence, fenceText } from '../fence.ts';
import { resourceOfService } from '../service.ts';
import { type Check, judged } from './check.ts';

/** The service behind a pipeline is only touched under its own lock; who has changed the pipeline since the lock is found out here. */
export function behindPipeline({ pipeline }: Captured, fence: Fence | null): readonly Check[] {
  if (!pipeline) return [];
  const resource = resourceOfService(pipeline.service);
  const isHeld = fence !== null && Object.hasOwn(fence, resource);
  const found = `the pipeline deploys to ${resource}, the drill holds ${fenceText(fence)}`;
  const remedy = isHeld
    ? ''
    : ': the pipeline was changed after it was locked, or target.codepipeline.ecs is another service; correct it and start again';
  return [judged('service-behind-pipeline', isHeld, `${found}; it must hold that one${remedy}`)];
}
