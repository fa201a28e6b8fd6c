import { METERS, type Meter } from './prices.ts';

/** How much of each thing that AWS charges for; what is not named was not used. */
export type Usage = Readonly<Partial<Record<Meter, number>>>;

const NAMES = Object.keys(METERS) as readonly Meter[];

export function added(...usages: readonly Usage[]): Usage {
  return each((meter) => usages.reduce((sum, usage) => sum + (usage[meter] ?? 0), 0));
}

export function times(usage: Usage, factor: number): Usage {
  return each((meter) => (usage[meter] ?? 0) * factor);
}

/** US dollars at list prices. */
export function usdOf(usage: Usage): number {
  return NAMES.reduce((sum, meter) => sum + usdFor(meter, usage[meter]), 0);
}

export function usdFor(meter: Meter, amount = 0): number {
  return amount * METERS[meter].usd;
}

/** What was used at all, the dearest first. */
export function dearestFirst(usage: Usage): readonly Meter[] {
  return NAMES.filter((meter) => (usage[meter] ?? 0) > 0).toSorted(
    (a, b) => usdFor(b, usage[b]) - usdFor(a, usage[a]),
  );
}

function each(amountOf: (meter: Meter) => number): Usage {
  return Object.fromEntries(NAMES.map((meter) => [meter, amountOf(meter)] as const).filter(([, n]) => n > 0));
}
