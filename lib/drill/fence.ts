import type { Entry } from './entry.ts';
import { entriesOf } from './journal.ts';

/** The fencing number of every lock that a drill holds, by resource. Whoever writes with it holds them all. */
export type Fence = Readonly<Record<string, number>>;

/** `null` before LockTarget. */
export function fenceOf(journal: readonly Entry[]): Fence | null {
  const locked = entriesOf(journal, 'locked');
  return locked.length === 0
    ? null
    : Object.fromEntries(locked.map(({ resource, fence }) => [resource, fence]));
}

/** Short and the same for the same fence, for keys of entries. */
export function fenceName(fence: Fence | null): string {
  return fence === null
    ? 'none'
    : sorted(fence)
        .map(([, number]) => number)
        .join('-');
}

/** For people: `ecs:demo/shop 3`. */
export function fenceText(fence: Fence | null): string {
  return fence === null
    ? 'none'
    : sorted(fence)
        .map(([resource, number]) => `${resource} ${number}`)
        .join(', ');
}

function sorted(fence: Fence): readonly [string, number][] {
  return Object.entries(fence).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
