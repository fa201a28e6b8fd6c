import type { Production } from '../drill/statistics/production.ts';
import type { Statistics } from '../drill/statistics/statistics.ts';
import type { Page, PageAsked } from './receipts.ts';

/** The statistics of a target, as they were read. */
export interface KeptStatistics {
  readonly target: string;
  /** `null` before the first drill was sealed. */
  readonly statistics: Statistics | null;
  /** Rises with every change of the statistics; 0 before the first. */
  readonly version: number;
  readonly production: Production;
}

/** Something that happened to a target outside of drills. */
export interface ProductionEvent {
  /** The control plane's own id: the same event told twice is counted once. */
  readonly id: string;
  readonly counts: 'deployment' | 'rollback';
  readonly at: string;
  /**
   * Deployments that belong to it, and do not count on their own: not afterwards, and those that were counted with a time from
   * `at` on are taken back.
   */
  readonly settles?: readonly string[];
}

/** Statistics of targets, an item each, whatever the number of drills. Whoever seals a receipt writes them. */
export interface StatisticsStore {
  read(target: string): Promise<KeptStatistics>;
  /** Every target that has any. */
  targets(): Promise<readonly string[]>;
  /** Those of some targets, by their names in order. */
  page(asked: PageAsked): Promise<Page<KeptStatistics>>;
  /** Answers whether it was counted now, and not before. */
  count(target: string, event: ProductionEvent): Promise<boolean>;
  /** Puts other statistics in the place of those that were read. Answers whether they were still the same. */
  replace(seen: KeptStatistics, statistics: Statistics): Promise<boolean>;
}
