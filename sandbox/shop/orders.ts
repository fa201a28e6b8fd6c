export interface Order {
  readonly user: string;
  readonly sku: string;
  readonly quantity: number;
  readonly totalCents: number;
}

export interface PlacedOrder extends Order {
  readonly orderId: string;
  readonly status: string;
  /** RFC 3339. */
  readonly createdAt: string;
}

/** What leaves the shop and cannot be called back. */
export type SideEffect = 'email' | 'payment';

export type SideEffectCounts = Readonly<Record<SideEffect, number>>;

/** The shop's orders and what came of them. Everything rejects when they cannot be reached. */
export interface Orders {
  /** Stores the order together with its payment, or neither. */
  place(orderId: string, order: Order): Promise<void>;
  find(orderId: string): Promise<PlacedOrder | undefined>;
  /** Whether orders can be read. Changes nothing. */
  check(): Promise<void>;
  /** Sends the e-mail and takes the payment, each once, however often it is called for an order. */
  fulfil(orderId: string, release: string): Promise<void>;
  /** What happened from `since` until before `until`. */
  countSideEffects(since: Date, until: Date): Promise<SideEffectCounts>;
}
