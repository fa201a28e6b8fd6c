import { lastHealthyOf } from '../drill/journal.ts';
import { type Sample, worthKeeping } from '../drill/witness/sample.ts';
import type { Drill } from '../ports/drills.ts';
import { every } from './pace.ts';
import type { RestorePorts } from './restore-target.ts';

/** A validation may wait for what users meet. */
const KEEP_EVERY_MS = 2_000;

/** Sees what users meet while somebody works on a restored target, and no witness does. */
export async function whileProbing<Result>(
  { clock, probe: probeOf, samples }: Pick<RestorePorts, 'clock' | 'probe' | 'samples'>,
  { opened, plan, journal }: Drill,
  work: () => Promise<Result>,
): Promise<Result> {
  const done = new AbortController();
  const probe = probeOf(plan);
  const lastHealthy = lastHealthyOf(journal)?.release;
  let fresh: Sample[] = [];
  const keep = async (): Promise<void> => {
    const seen = fresh;
    fresh = [];
    await samples.keep(opened.drillId, seen);
  };
  const look = async (): Promise<void> => {
    const sample = await probe(done.signal);
    // A probe that the end has cut off says nothing about the target.
    if (!done.signal.aborted) fresh.push(worthKeeping(sample, lastHealthy));
  };
  const probing = Promise.all([
    every(clock, plan.smoke.intervalMs, done.signal, look),
    every(clock, KEEP_EVERY_MS, done.signal, keep),
  ]);
  probing.catch(() => {});
  try {
    return await work();
  } finally {
    done.abort();
    await probing.then(keep);
  }
}
