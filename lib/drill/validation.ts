export type ValidationKind = 'synthetic-transaction';

/** `unknown` is missing proof; it never counts as passed. */
export type Verdict = 'passed' | 'failed' | 'unknown';

/** One validation after the rollback, with the arithmetic that led to its verdict. */
export interface Validated {
  readonly name: string;
  readonly kind: ValidationKind;
  readonly required: boolean;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly evidence: readonly string[];
  /** `null` when it did not run to its end. */
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}
