import type { Truth } from '../truth.ts';
import type { Target } from './targets.ts';

/** Tells which releases serve, whenever that changes: one line per release that has another share (0 to 1) than before. */
export function releaseShares(tell: Truth): (healthy: readonly Target[]) => void {
  let known: ReadonlyMap<string | null, number> = new Map();
  return (healthy) => {
    const shares = sharesOf(healthy);
    for (const release of new Set([...known.keys(), ...shares.keys()])) {
      const share = shares.get(release) ?? 0;
      if (share !== (known.get(release) ?? 0)) tell('release-serving', { release, share });
    }
    known = shares;
  };
}

function sharesOf(healthy: readonly Target[]): ReadonlyMap<string | null, number> {
  const shares = new Map<string | null, number>();
  for (const { release = null } of healthy)
    shares.set(release, (shares.get(release) ?? 0) + 1 / healthy.length);
  return shares;
}
