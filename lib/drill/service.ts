import type { Entry } from './entry.ts';
import { entriesOf } from './journal.ts';
import type { Plan } from './plan/plan.ts';

const PREFIX = 'ecs:';

/** The service that runs what the target releases: of a pipeline, the one that its plan names or that the drill has locked with it. */
export interface ServiceOfTarget {
  readonly cluster: string;
  readonly service: string;
}

/** `null` for a pipeline whose service is not known before it is locked. */
export function serviceOf(
  { target }: Pick<Plan, 'target'>,
  journal: readonly Entry[],
): ServiceOfTarget | null {
  if (target.kind === 'ecs') return { cluster: target.cluster, service: target.service };
  if (target.ecs) return target.ecs;
  const locked = entriesOf(journal, 'locked').find(({ resource }) => resource.startsWith(PREFIX));
  const [cluster, service] = locked?.resource.slice(PREFIX.length).split('/') ?? [];
  return cluster && service ? { cluster, service } : null;
}

/** Its lock. */
export function resourceOfService({ cluster, service }: ServiceOfTarget): string {
  return `${PREFIX}${cluster}/${service}`;
}
