import type { Entry } from '../drill/entry.ts';
import { baselineFrom, markTime } from '../drill/journal.ts';
import { standingRestored } from '../drill/receipt.ts';
import { firedByProbes } from '../drill/witness/fired.ts';
import { controlPlaneDoneAt } from '../drill/witness/illusion.ts';
import { wasJudged } from '../drill/witness/probe-conditions.ts';
import { inOrder, type Sample, seriesKey, summarise } from '../drill/witness/sample.ts';
import type { Drill } from '../ports/drills.ts';
import { knownBadIdentity } from './known-bad.ts';

/** What the whole series tells, and where it will lie in the archive. */
export function probesOf(drill: Drill, samples: readonly Sample[]): Entry {
  const deployedAt = markTime(drill.journal, 'badDeployStarted');
  const doneAt = controlPlaneDoneAt(drill.journal);
  const summary = summarise(
    samples,
    knownBadIdentity(drill),
    deployedAt,
    doneAt === null ? null : Date.parse(doneAt),
  );
  const series = samples.length === 0 ? [] : [seriesKey(drill.opened.drillId)];
  const seen = deployedAt === null ? {} : seenByProbes(drill, inOrder(samples), deployedAt);
  return { kind: 'probes', key: 'probes', summary, series, ...seen };
}

/** What the plan's conditions say of the whole series, whoever was there to report it. */
function seenByProbes({ plan, journal }: Drill, samples: readonly Sample[], deployedAt: number) {
  const from = markTime(journal, 'badServing') ?? deployedAt;
  const restored = standingRestored(journal);
  const until = restored ? Date.parse(restored.at) : (samples.at(-1)?.at ?? from);
  return {
    fired: firedByProbes(plan.triggers, { samples, deployedAt, baseline: baselineFrom(journal) }),
    judged: plan.triggers
      .filter(({ condition }) => wasJudged(condition, samples, from, until))
      .map(({ name }) => name),
  };
}
