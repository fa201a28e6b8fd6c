import type { Gap } from './gap.ts';

/** What can be checked after the rollback; each kind is a function of its own, but for the timeline. */
export const VALIDATION_KINDS = [
  'synthetic-transaction',
  'version-uniformity',
  'replica-schema',
  'data-consistency',
  'monitoring',
  'endpoint-health',
  'background-work',
  'sessions',
  'configuration',
  'cache-purge',
  'timeline',
] as const;

export type ValidationKind = (typeof VALIDATION_KINDS)[number];

/** `unknown` is missing proof; it never counts as passed. */
export type Verdict = 'passed' | 'failed' | 'unknown';

/** What one validation found. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly evidence: readonly string[];
  /** Weaknesses that it has come upon, whatever its verdict. */
  readonly gaps?: readonly Gap[];
}

/** One validation after the rollback, with the arithmetic that led to its verdict. */
export interface Validated extends Judgement {
  readonly name: string;
  readonly kind: ValidationKind;
  readonly required: boolean;
  /** `null` when it did not run to its end. */
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

/** Kinds that measure something before the known-bad release, to compare with it afterwards. */
const MEASURED_BEFORE: ReadonlySet<ValidationKind> = new Set([
  'replica-schema',
  'data-consistency',
  'monitoring',
  'background-work',
  'sessions',
  'configuration',
]);

export function isMeasuredBefore({ kind }: { readonly kind: ValidationKind }): boolean {
  return MEASURED_BEFORE.has(kind);
}

/** The timeline is judged when the receipt is made; before that it is not complete. */
export function isJudgedAtSealing({ kind }: { readonly kind: ValidationKind }): boolean {
  return kind === 'timeline';
}
