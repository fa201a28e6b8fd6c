import type { FunctionName } from '../../lib/infra/functions.ts';

const MOST_BYTES = 400_000;

/** Those that hold more, by necessity, and how much. */
const LARGER: Partial<Record<FunctionName, number>> = {
  // PostgreSQL's client besides.
  ReplicaSchema: 1_100_000,
  DataConsistency: 1_100_000,
  CountSideEffects: 1_100_000,
};

export function mostBytesOf(name: FunctionName): number {
  return LARGER[name] ?? MOST_BYTES;
}
