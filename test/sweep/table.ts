import type { Count } from './invariants.ts';
import type { Row } from './programs/worker.ts';

/** One line for each call, state or event and fault. */
export function table(rows: readonly Row[]): string {
  return rows
    .map(({ scenario, what, fault, outcome, broken }) => {
      const mark =
        broken.length > 0 ? ` BROKEN ${[...new Set(broken.map((one) => one.invariant))].join(' ')}` : '';
      return `${scenario}: ${what} × ${fault} → ${outcome}${mark}`;
    })
    .join('\n');
}

/** What everything comes to. */
export function closing(rows: readonly Row[]): string {
  const counted = (count: Count): number =>
    rows.filter(({ broken }) => broken.some((one) => one.count === count)).length;
  const counts = (['left bad unpaged', 'receipts missing', 'paths doubled', 'locks leaked'] as const).map(
    (count) => `${counted(count)} ${count}`,
  );
  return `${rows.length} cases, ${counts.join(', ')}`;
}
