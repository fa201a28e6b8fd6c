import { digestOf } from '../../drill/digest.ts';
import type { Plan } from '../../drill/plan/plan.ts';
import type { PathReader, Plans } from '../../ports.ts';
import { pathFingerprint } from './ecs/path-fingerprint.ts';
import { describe } from './ecs/read.ts';
import type { EcsService } from './ecs/target.ts';

/** Reads the deployed plan and the service that it names. */
export function deployedPath(plans: Plans, service: (plan: Plan) => EcsService): PathReader {
  return async (name) => {
    const plan = await plans.load(name);
    if (!plan) return undefined;
    const target = service(plan);
    const found = await describe(target);
    if (!found)
      throw new Error(`ECS does not tell of service ${target.service} in cluster ${target.cluster}`);
    return { plan: digestOf(plan), target: pathFingerprint(found) };
  };
}
