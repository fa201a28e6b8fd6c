import type { Server } from 'node:http';
import { type Item, TAX_PERCENT } from './catalogue.ts';

/** What a release of the shop may do differently from another one. */
export interface Release {
  /** Whether it is known to be bad. Only the faults of the sandbox look at it. */
  readonly isBad: boolean;
  /** SQL that changes the schema of the shop's database before a task of the release serves, as the shop's own role. */
  readonly migration?: string;
  /** Runs before the shop listens. A release that cannot start throws here. */
  boot(): void;
  /** What it waits for before it can serve; the health check answers 503 with it. */
  lacks(): string | undefined;
  /** Hears of every request, also of health checks, before it is answered. */
  asked(path: string, server: Server): void;
  /** Whether the connection is cut in place of an answer. */
  drops(path: string): boolean;
  /** How much later than usual the next answer comes. */
  delayMs(path: string): number;
  /** Whether users with the right password are let in. */
  admits(): boolean;
  /** The price of an order. A release that cannot take orders throws here; the shop answers 500. */
  totalCents(item: Item, quantity: number): number;
}

/** The behaviour that releases start from. */
export const base: Release = {
  isBad: false,
  boot() {},
  lacks: () => undefined,
  asked() {},
  drops: () => false,
  delayMs: () => 0,
  admits: () => true,
  totalCents: (item, quantity) => Math.round((item.priceCents * quantity * (100 + TAX_PERCENT)) / 100),
};

/** The behaviour that bad releases start from. */
export const bad: Release = { ...base, isBad: true };
