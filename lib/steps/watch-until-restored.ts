import { lastHealthyOf, rollbacksOf } from '../drill/journal.ts';
import { greensNeeded } from '../drill/limits.ts';
import { type Restoration, restoration } from '../drill/witness/restoration.ts';
import type { Sample } from '../drill/witness/sample.ts';
import type { Drill, Ports } from '../ports.ts';
import { targetContext } from './target-context.ts';
import { markTime } from './witness-reactions.ts';

type WatchPorts = Pick<Ports, 'clock' | 'journal' | 'probe' | 'series' | 'target'>;

/** The witness may be dead with the drill: watches and judges by the same rules until the plan's limit. */
export async function watchUntilRestored(ports: WatchPorts, drill: Drill): Promise<boolean> {
  const { drillId } = drill.opened;
  const { samples: earlier, keys } = await ports.series.read(drillId);
  const own: Sample[] = [];
  const began = ports.clock.now();
  const probe = ports.probe(drill.plan);
  let verdict: Restoration = { kind: 'not-yet', reason: 'nothing was probed' };
  while (verdict.kind === 'not-yet' && ports.clock.now() - began < drill.plan.restored.withinMs) {
    own.push(await probe(AbortSignal.timeout(drill.plan.smoke.timeoutMs)));
    verdict = await judge(ports, drill, [...earlier, ...own], began);
    if (verdict.kind === 'not-yet') await ports.clock.sleep(drill.plan.smoke.intervalMs);
  }
  await ports.series.write(drillId, keys.length, own);
  if (verdict.kind === 'not-yet') return false;
  await ports.journal.append(drill, [
    { kind: 'restored', key: `restored/taken-over/${rollbacksOf(drill.journal)}`, ...verdict.restored },
  ]);
  return true;
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
