import type { FaultName } from '../../sandbox/faults.ts';

export interface Expected {
  readonly exitCode: number;
  readonly outcome: string;
  /** The validations of plans/shop-ecs.yaml that do not pass, each with its verdict; all others pass. */
  readonly validations: Readonly<Record<string, 'failed' | 'unknown'>>;
  /** How many tasks the receipt names that served the known-bad release after the control plane was done. */
  readonly strays?: number;
}

function fails(...names: readonly string[]): Expected {
  const validations = Object.fromEntries(names.map((name) => [name, 'failed'] as const));
  return { exitCode: 20, outcome: 'failed', validations };
}

/** Each fault alone: exactly its own validation fails, and the service is restored. */
export const EXPECTED = {
  'consumer-stays-bad': fails('orders-queue'),
  'desired-count-changed': fails('as-before'),
  'double-charged': fails('orders-add-up'),
  'endpoint-down': fails('endpoints'),
  'metrics-off-baseline': fails('back-to-normal'),
  'orphaned-orders': fails('orders-add-up'),
  'replica-paused': fails('schema'),
  'replica-schema-drift': fails('schema'),
  'secret-moved': fails('as-before'),
  'sessions-invalid': fails('sessions-survive'),
  'stale-edge': fails('edge'),
  // What cannot be judged is not taken for well.
  'replica-unreachable': { exitCode: 26, outcome: 'inconclusive', validations: { schema: 'unknown' } },
  // Restored only by the next path, which replaces every task.
  'one-task-stays-bad': { exitCode: 22, outcome: 'rescued', validations: {}, strays: 1 },
} as const satisfies Partial<Record<FaultName, Expected>>;

export type ExpectedFault = keyof typeof EXPECTED;
export const EXPECTED_FAULTS = Object.keys(EXPECTED) as readonly ExpectedFault[];
