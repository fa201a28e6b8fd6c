import type { TargetGroup, TargetHealth } from '../data-plane.ts';
import type { Plane } from '../plane.ts';
import type { ServiceRecord } from '../records.ts';

/** The target group of a service, if it has one. */
export type TargetGroupOf = (service: ServiceRecord) => TargetGroup | undefined;

/** A target group is listened to once, however many services and tasks come and go. */
export function watchTargetGroups(
  plane: Plane,
  heard: (taskId: string, health: TargetHealth) => void,
): TargetGroupOf {
  const watched = new Set<TargetGroup>();
  return ({ input }) => {
    const arn = input.loadBalancers?.[0]?.targetGroupArn;
    const group = arn === undefined ? undefined : plane.loadBalancers.targetGroup(arn);
    if (group && !watched.has(group)) {
      watched.add(group);
      group.onHealthChange(heard);
    }
    return group;
  };
}
