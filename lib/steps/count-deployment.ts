import { lastOf } from '../drill/journal.ts';
import { isInDrill } from '../drill/statistics/production.ts';
import type { Ports, ProductionEvent } from '../ports.ts';

type CountPorts = Pick<Ports, 'journal' | 'locks' | 'statistics'>;

/** What an event of ECS says of a deployment. */
export interface DeploymentTold {
  readonly name: string;
  readonly deploymentId: string;
  readonly at: string;
  readonly reason: string;
}

/**
 * Counts a deployment of a service, or its rollback, once, unless it is a drill's: drills and production are told apart.
 * Answers whether it was counted.
 */
export async function countDeployment(
  ports: CountPorts,
  target: string,
  told: DeploymentTold,
): Promise<boolean> {
  const event = productionEvent(told);
  return event !== undefined && countProduction(ports, target, event);
}

/** The same for what any kind of target tells. */
export async function countProduction(
  ports: CountPorts,
  target: string,
  event: ProductionEvent,
): Promise<boolean> {
  if (await isDrilled(ports, target)) return false;
  const { statistics } = await ports.statistics.read(target);
  // The event of a drill's deployment may come when its lock is free again.
  if (isInDrill(statistics?.recent ?? [], event.at)) return false;
  return ports.statistics.count(target, event);
}

/** A drill without a number has deployed nothing yet. */
async function isDrilled({ locks, journal }: CountPorts, target: string): Promise<boolean> {
  const drillId = await locks.holder(target);
  if (!drillId) return false;
  return lastOf((await journal.read(drillId)).journal, 'numbered') !== undefined;
}

/**
 * ECS tells of the beginning and of the end of every deployment. A rollback begins as a deployment of its own whose reason
 * names the one that it goes back to; its end is not one more deployment.
 */
function productionEvent({
  name,
  deploymentId: id,
  at,
  reason,
}: DeploymentTold): ProductionEvent | undefined {
  if (/\broll(?:ing|ed) back\b/i.test(reason)) {
    const named = /\becs-svc\/\w+/.exec(reason)?.[0] ?? id;
    return { id, counts: 'rollback', at, settles: [...new Set([id, named])] };
  }
  return ENDS.has(name) ? { id, counts: 'deployment', at } : undefined;
}

const ENDS: ReadonlySet<string> = new Set(['SERVICE_DEPLOYMENT_COMPLETED', 'SERVICE_DEPLOYMENT_FAILED']);
