import { type Item, TAX_PERCENT } from './catalogue.ts';

/** What a release of the shop may do differently from another one. */
export interface Release {
  /** Runs before the shop listens. A release that cannot start throws here. */
  boot(): void;
  /** The price of an order. A release that cannot take orders throws here; the shop answers 500. */
  totalCents(item: Item, quantity: number): number;
  /** Whether the connection is cut in place of an answer. */
  drops(path: string): boolean;
}

/** The behaviour that releases start from. */
export const base: Release = {
  boot() {},
  totalCents: (item, quantity) => Math.round((item.priceCents * quantity * (100 + TAX_PERCENT)) / 100),
  drops: () => false,
};
