import type { Statistics } from './statistics.ts';

/** Whether the rollback path is another than the one that was last rehearsed; `null` when that is not known. */
export interface PathChange {
  readonly changed: boolean | null;
  readonly reason: string;
}

/** What a rollback depends on: the plan, and how the service or the pipeline is set up. Digests. */
export interface PathNow {
  readonly plan: string;
  readonly target: string;
}

/** A change that is known counts, also when the other part is not known. */
export function pathChange({ rehearsed }: Statistics, now: PathNow): PathChange {
  if (rehearsed === null) return { changed: null, reason: 'no drill has restored the target yet' };
  const drill = `drill ${rehearsed.number}`;
  if (now.plan !== rehearsed.plan.digest)
    return changed(`plan ${rehearsed.plan.name} is ${now.plan}, ${drill} rehearsed ${rehearsed.plan.digest}`);
  if (rehearsed.path === null)
    return { changed: null, reason: `the receipt of ${drill} does not tell how the target was set up` };
  if (now.target !== rehearsed.path)
    return changed(`the target is set up as ${now.target}, ${drill} rehearsed ${rehearsed.path}`);
  return { changed: false, reason: `plan and target are those of ${drill}` };
}

function changed(reason: string): PathChange {
  return { changed: true, reason };
}
