import { lastOf } from '../drill/journal.ts';
import { isInDrill } from '../drill/statistics/production.ts';
import type { Ports } from '../ports/ports.ts';
import type { KeptStatistics, ProductionEvent } from '../ports/statistics.ts';

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
  if (!event || (await isDrilled(ports, target))) return false;
  return count(ports, await ports.statistics.read(target), event);
}

/** What an event of CodePipeline says of one stage of an execution. */
export interface StageTold {
  readonly pipeline: string;
  readonly stage: string;
  readonly state: string;
  readonly executionId: string;
  /** What started the execution. */
  readonly trigger: string;
  readonly at: string;
}

/** The same for a stage of a pipeline that was drilled before: other stages deploy nothing that anybody asks for. */
export async function countStage(ports: CountPorts, told: StageTold): Promise<boolean> {
  const { pipeline, stage, state, executionId: id, trigger, at } = told;
  if (!STAGE_ENDS.has(state)) return false;
  const kept = await ports.statistics.read(`codepipeline:${pipeline}/${stage}`);
  if (kept.statistics === null || (await isDrilled(ports, `codepipeline:${pipeline}`))) return false;
  return count(ports, kept, { id, counts: ROLLBACKS.has(trigger) ? 'rollback' : 'deployment', at });
}

const STAGE_ENDS: ReadonlySet<string> = new Set(['SUCCEEDED', 'FAILED']);
const ROLLBACKS: ReadonlySet<string> = new Set(['ManualRollback', 'AutomatedRollback']);

/** The event of a drill's deployment may come when its lock is free again. */
async function count(
  { statistics }: CountPorts,
  kept: KeptStatistics,
  event: ProductionEvent,
): Promise<boolean> {
  return !isInDrill(kept.statistics?.recent ?? [], event.at) && statistics.count(kept.target, event);
}

/** A drill without a number has deployed nothing yet. */
async function isDrilled({ locks, journal }: CountPorts, resource: string): Promise<boolean> {
  const drillId = await locks.holder(resource);
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
