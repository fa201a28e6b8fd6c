export type Severity = 'notice' | 'warning' | 'serious';

/** A weakness that the drill surfaced. */
export interface Gap {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly evidence: string;
}
