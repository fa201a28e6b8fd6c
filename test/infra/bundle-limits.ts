import type { FunctionName } from '../../lib/infra/functions.ts';

const MOST_BYTES = 400_000;

/** Those that hold more, by necessity, and how much. */
const LARGER: Partial<Record<FunctionName, number>> = {
  // PostgreSQL's client besides.
  ReplicaSchema: 1_100_000,
  DataConsistency: 1_100_000,
  CountSideEffects: 1_100_000,
  // S3 besides seven other services, of which it reacts to users and to people alike.
  Witness: 440_000,
  // S3 besides seven other services, all that acts on a target, and all that seals.
  Watchdog: 525_000,
};

export function mostBytesOf(name: FunctionName): number {
  return LARGER[name] ?? MOST_BYTES;
}
