import type { Cache, CountSource, Plan, Validation, ValidationOf } from '../drill/plan/plan.ts';
import type { SecretReference } from '../drill/plan/secret.ts';
import type { BadWindow } from '../drill/side-effects.ts';
import type { Judgement, ValidationKind } from '../drill/validation.ts';
import type { Drill, Holder } from './drills.ts';

/** Checks of the system after the rollback, of one kind or of all. */
export interface Validator<Kind extends ValidationKind = ValidationKind> {
  /** Measures what is compared with afterwards. Throws when that cannot be measured. Answers plain JSON. */
  readonly before?: (validation: ValidationOf<Kind>, drill: Drill, signal: AbortSignal) => Promise<unknown>;
  readonly judge: (validation: ValidationOf<Kind>, drill: Drill, signal: AbortSignal) => Promise<Judgement>;
}

/** Runs a validation of the plan where it belongs, under the fence of the caller; what it finds is in the journal then. */
export interface Validations {
  run(drill: Holder, validation: Validation, phase: 'before' | 'after'): Promise<void>;
  /** Counts what the known-bad release did that cannot be undone. */
  countSideEffects(drill: Holder): Promise<void>;
}

/** The value of a secret now. Never throws: why there is none is told, and nothing of the value. */
export type Secrets = (secret: SecretReference, signal: AbortSignal) => Promise<SecretFound>;

export type SecretFound =
  | { readonly kind: 'found'; readonly value: string }
  | { readonly kind: 'missing'; readonly reason: string };

/** Counts what happened in a time, in the databases of the plan or elsewhere; throws when it cannot be counted. */
export type Counters = (
  source: CountSource,
  window: BadWindow,
  databases: Plan['databases'],
  signal: AbortSignal,
) => Promise<number>;

export interface Purging {
  /** Asked again with the same reference, it is the same purge. */
  readonly reference: string;
  /** Secrets by `secret:NAME`, as requests use them. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly signal: AbortSignal;
}

/** What came of asking a cache to forget. `unanswered` says nothing about what the cache did. */
export type Purged =
  | { readonly kind: 'accepted'; readonly told: string }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unanswered'; readonly reason: string };

/** Asks a cache to forget. Never throws: what goes wrong is told. */
export type Purge<Kind extends Cache['kind'] = Cache['kind']> = (
  cache: Extract<Cache, { kind: Kind }>,
  purging: Purging,
) => Promise<Purged>;

/** By the kind of cache. */
export type Purges = { readonly [Kind in Cache['kind']]: Purge<Kind> };

/** A metric, as it is measured in periods of so many milliseconds. */
export interface MetricQuery {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly stat: string;
  readonly periodMs: number;
  readonly unit?: string;
}

export interface MetricValue {
  /** When its period began, epoch milliseconds. */
  readonly atMs: number;
  readonly value: number;
}

/** The values of a metric, one for each period that has data, oldest first; throws when they cannot all be told. Epoch milliseconds. */
export type Metrics = (
  query: MetricQuery,
  window: { readonly fromMs: number; readonly untilMs: number },
  signal: AbortSignal,
) => Promise<readonly MetricValue[]>;
