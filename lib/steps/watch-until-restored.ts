import { fenceName } from '../drill/fence.ts';
import { entriesOf, lastHealthyOf, lastOf, rollbacksOf } from '../drill/journal.ts';
import { greensNeeded } from '../drill/limits.ts';
import { type Restoration, restoration } from '../drill/witness/restoration.ts';
import type { Sample } from '../drill/witness/sample.ts';
import type { Drill, Ports } from '../ports.ts';
import { appendSamples } from './append-samples.ts';
import { targetContext } from './target-context.ts';
import { markTime } from './witness-reactions.ts';

type WatchPorts = Pick<Ports, 'clock' | 'journal' | 'probe' | 'series' | 'target'>;

/**
 * The witness may be dead with the drill: watches and judges by the same rules until the plan's limit. Run again, it goes on
 * with the time that is left.
 */
export async function watchUntilRestored(ports: WatchPorts, drill: Drill): Promise<boolean> {
  const { drillId } = drill.opened;
  const { samples: earlier } = await ports.series.read(drillId);
  const own: Sample[] = [];
  const began = ports.clock.now();
  const probe = ports.probe(drill.plan);
  let verdict: Restoration = { kind: 'not-yet', reason: 'nothing was probed' };
  const until = limitOf(drill, began);
  while (verdict.kind === 'not-yet' && ports.clock.now() < until) {
    own.push(await probe(AbortSignal.timeout(drill.plan.smoke.timeoutMs)));
    verdict = await judge(ports, drill, [...earlier, ...own], began);
    if (verdict.kind === 'not-yet') await ports.clock.sleep(drill.plan.smoke.intervalMs);
  }
  await appendSamples(ports, drillId, own);
  if (verdict.kind === 'not-yet') return false;
  await ports.journal.append(drill, [
    {
      kind: 'restored',
      key: `restored/taken-over/${fenceName(drill.fence)}/${rollbacksOf(drill.journal)}`,
      ...verdict.restored,
    },
  ]);
  return true;
}

/** The path's own time counts from its start; what is over already is looked at all the same, for as long as greens need. */
function limitOf({ journal, plan }: Drill, began: number): number {
  const path = entriesOf(journal, 'path').findLast(
    ({ result }) => result === 'accepted' || result === 'adopted',
  );
  const tasks = lastOf(journal, 'captured')?.tasks ?? 1;
  const shortestMs = 2 * greensNeeded(plan, tasks) * (plan.smoke.intervalMs + plan.smoke.timeoutMs);
  const started = path ? Date.parse(path.at) : began;
  return Math.max(started + plan.restored.withinMs, began + Math.min(shortestMs, plan.restored.withinMs));
}

/** Greens of the witness may lie long before the gap that its death left: only greens of this watch count. */
async function judge(
  ports: WatchPorts,
  drill: Drill,
  samples: readonly Sample[],
  began: number,
): Promise<Restoration> {
  const { captured } = targetContext(drill);
  const lastHealthy = lastHealthyOf(drill.journal)?.release ?? '';
  const greens = greensNeeded(drill.plan, captured.tasks);
  const question = {
    samples,
    lastHealthy,
    greens,
    since: began,
    deployedAt: markTime(drill.journal, 'badDeployStarted'),
  };
  const dry = restoration({ ...question, state: null });
  const enough = samples.filter((sample) => sample.at >= began).length >= greens;
  return enough
    ? restoration({ ...question, state: await ports.target(drill.plan).observe(targetContext(drill)) })
    : dry;
}
