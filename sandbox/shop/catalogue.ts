export interface Item {
  readonly sku: string;
  readonly name: string;
  readonly priceCents: number;
}

/** Comes on top of every price when an order is placed. */
export const TAX_PERCENT = 20;

export const ITEMS: readonly Item[] = [
  { sku: 'mug', name: 'Mug', priceCents: 1250 },
  { sku: 'lamp', name: 'Desk lamp', priceCents: 4900 },
  { sku: 'chair', name: 'Chair', priceCents: 18900 },
];

export function findItem(sku: unknown): Item | undefined {
  return ITEMS.find((item) => item.sku === sku);
}
