import type { MarkSource } from './clock.ts';

/** A trigger that was seen, with the time that its own source gave it. */
export interface ObservedTrigger {
  readonly name: string;
  readonly observedBy: string;
  /** ISO 8601 UTC with milliseconds. */
  readonly at: string;
  readonly source: MarkSource;
  /** The person who reported it. */
  readonly by?: string;
  readonly evidence: string;
  readonly budgetMs: number;
  readonly resolutionMs?: number;
}
