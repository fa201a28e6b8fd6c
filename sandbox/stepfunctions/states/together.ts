import type { Branch } from '../branch.ts';
import { type Cancellation, cancellation } from '../cancellation.ts';

/** Runs every member, at most `limit` at a time, in order. The first failure cancels the others and starts no more. */
export async function allOrFirstFailure<M, R>(
  outer: Branch,
  members: readonly M[],
  limit: number,
  run: (member: M, siblings: Cancellation, index: number) => Promise<R>,
): Promise<R[]> {
  const siblings = cancellation(outer.cancellation);
  const results: R[] = [];
  const queue = members.entries();
  const worker = async () => {
    for (const [index, member] of queue) {
      results[index] = await run(member, siblings, index);
      if (siblings.cancelled) return;
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(limit, members.length) }, worker));
    return results;
  } catch (thrown) {
    siblings.cancel();
    throw thrown;
  } finally {
    siblings.release();
  }
}
