import { fenceName } from '../drill/fence.ts';
import { entriesOf, lastHealthyOf, lastOf, markTime, rollbacksOf } from '../drill/journal.ts';
import { greensNeeded } from '../drill/limits.ts';
import type { TargetState } from '../drill/target.ts';
import { type Restoration, restoration } from '../drill/witness/restoration.ts';
import { type Sample, worthKeeping } from '../drill/witness/sample.ts';
import type { Drill } from '../ports/drills.ts';
import { checkTime } from './out-of-time.ts';
import type { RestorePorts } from './restore-target.ts';
import { targetContext } from './target-context.ts';

export type Watched = 'restored' | 'not-restored' | 'overtaken';

/** How often the control plane is read while the probes do not yet confirm anything. */
const LOOK_EVERY_MS = 3_000;

/**
 * The witness may be dead with the drill: watches and judges by the same rules until the plan's limit. Run again, it goes on
 * with the time that is left. Throws `OutOfTime`.
 */
export async function watchUntilRestored(ports: RestorePorts, drill: Drill): Promise<Watched> {
  const { clock, samples } = ports;
  const { drillId } = drill.opened;
  const earlier = await samples.earlier(drillId);
  const own: Sample[] = [];
  const began = clock.now();
  const probe = ports.probe(drill.plan);
  const lastHealthy = lastHealthyOf(drill.journal)?.release;
  const until = limitOf(drill, began);
  let lookedAt = Number.NEGATIVE_INFINITY;
  try {
    while (clock.now() < until) {
      checkTime(ports);
      own.push(worthKeeping(await probe(AbortSignal.timeout(drill.plan.smoke.timeoutMs)), lastHealthy));
      const isDue = own.length >= greensOf(drill) || clock.now() - lookedAt >= LOOK_EVERY_MS;
      const state = isDue ? await look(ports, drill) : null;
      if (isDue) lookedAt = clock.now();
      if (state?.desired === 'other') return await overtaken(ports, drill, state);
      const verdict = judge(drill, [...earlier, ...own], state, began);
      if (verdict.kind === 'restored') return await restored(ports, drill, verdict);
      await clock.sleep(drill.plan.smoke.intervalMs);
    }
    return 'not-restored';
  } finally {
    await samples.keep(drillId, own);
  }
}

/** Somebody else's release is the newest human intent, and it stands. */
export async function overtaken(
  { journal }: Pick<RestorePorts, 'journal'>,
  drill: Drill,
  { summary: reason }: TargetState,
): Promise<'overtaken'> {
  await journal.append(drill, [{ kind: 'overtaken', key: 'overtaken', reason }]);
  return 'overtaken';
}

/** `null` when the control plane does not tell: what cannot be read proves nothing. */
export async function look(
  { target }: Pick<RestorePorts, 'target'>,
  drill: Drill,
): Promise<TargetState | null> {
  return target(drill.plan)
    .observe(targetContext(drill))
    .catch(() => null);
}

async function restored(
  { journal }: RestorePorts,
  drill: Drill,
  { restored }: Extract<Restoration, { kind: 'restored' }>,
): Promise<'restored'> {
  const key = `restored/taken-over/${fenceName(drill.fence)}/${rollbacksOf(drill.journal)}/${restored.at}`;
  await journal.append(drill, [{ kind: 'restored', key, ...restored }]);
  return 'restored';
}

/** The path's own time counts from its start, or from the end of the undo beside it; what is over already is looked at all the same, for as long as greens need. */
function limitOf({ journal, plan }: Drill, began: number): number {
  const path = entriesOf(journal, 'path').findLast(
    ({ result }) => result === 'accepted' || result === 'adopted',
  );
  const tasks = lastOf(journal, 'captured')?.tasks ?? 1;
  const shortestMs = 2 * greensNeeded(plan, tasks) * (plan.smoke.intervalMs + plan.smoke.timeoutMs);
  const undone = lastOf(journal, 'migration-undone');
  const started = path
    ? Math.max(...[path, ...(undone ? [undone] : [])].map(({ at }) => Date.parse(at)))
    : began;
  return Math.max(started + plan.restored.withinMs, began + Math.min(shortestMs, plan.restored.withinMs));
}

/** Greens of the witness may lie long before the gap that its death left: only greens of this watch count. */
function judge(
  drill: Drill,
  samples: readonly Sample[],
  state: TargetState | null,
  began: number,
): Restoration {
  return restoration({
    samples,
    state,
    lastHealthy: lastHealthyOf(drill.journal)?.release ?? '',
    greens: greensOf(drill),
    since: began,
    deployedAt: markTime(drill.journal, 'badDeployStarted'),
  });
}

function greensOf(drill: Drill): number {
  return greensNeeded(drill.plan, lastOf(drill.journal, 'captured')?.tasks ?? 1);
}
