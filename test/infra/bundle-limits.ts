import type { FunctionName } from '../../lib/infra/functions.ts';

const MOST_BYTES = 400_000;

/** Those that hold PostgreSQL's client besides. */
const WITH_DATABASE: readonly FunctionName[] = ['ReplicaSchema', 'DataConsistency', 'CountSideEffects'];
const MOST_BYTES_WITH_DATABASE = 1_100_000;

export function mostBytesOf(name: FunctionName): number {
  return WITH_DATABASE.includes(name) ? MOST_BYTES_WITH_DATABASE : MOST_BYTES;
}
