import * as v from 'valibot';
import type { Ports } from '../ports.ts';
import { reportTarget } from './report-target.ts';
import { targetContext } from './target-context.ts';

/** A deployment event of the target. It only wakes: the target itself is read for the truth and its own milliseconds. */
export const DeploymentEvent = v.object({
  'detail-type': v.string(),
  resources: v.array(v.string()),
});

const OBSERVED_PHASES = new Set(['awaiting-trigger', 'deciding', 'restoring', 'stabilising']);

/** Finds the drill that holds the resource of the event, if there is one, and reports what the target shows. */
export async function observeEvent(
  ports: Pick<Ports, 'journal' | 'locks' | 'target' | 'waits'>,
  event: v.InferOutput<typeof DeploymentEvent>,
): Promise<{ observed: boolean }> {
  const drillId = await ports.locks.holder(resourceOf(event.resources[0] ?? ''));
  if (!drillId) return { observed: false };
  const drill = await ports.journal.read(drillId);
  if (!OBSERVED_PHASES.has(drill.phase)) return { observed: false };
  const state = await ports.target(drill.plan).observe(targetContext(drill));
  const observed = await reportTarget(ports, drill, state).then(() => true, unlessTakenOver);
  return { observed };
}

/** Whoever has taken the drill over reads the target for itself. */
function unlessTakenOver(error: Error): false {
  if (error.name !== 'FenceRaised') throw error;
  return false;
}

/** `arn:aws:ecs:REGION:ACCOUNT:service/CLUSTER/SERVICE` → `ecs:CLUSTER/SERVICE`. */
function resourceOf(serviceArn: string): string {
  const [, cluster, service] = (serviceArn.split(':')[5] ?? '').split('/');
  return `ecs:${cluster}/${service}`;
}
