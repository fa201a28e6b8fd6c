import type { Count } from './invariants.ts';
import type { Row } from './programs/worker.ts';
import type { RealRow } from './real.ts';

/** One line for each call, state or event and fault. */
export function rowLine({ scenario, what, fault, outcome, broken }: Row): string {
  const invariants = [...new Set(broken.map(({ invariant }) => invariant))];
  return `${scenario}: ${what} × ${fault} → ${outcome}${broken.length > 0 ? ` BROKEN ${invariants.join(' ')}` : ''}`;
}

export function realLine({ what, fault, outcome, broken }: RealRow): string {
  return `real processes: ${what} × ${fault} → ${outcome}${broken.length > 0 ? ' BROKEN' : ''}`;
}

/** Every promise that was broken, and where. */
export function brokenLines(rows: readonly Row[], real: readonly RealRow[]): readonly string[] {
  return [
    ...rows.flatMap(({ scenario, what, fault, broken }) =>
      broken.map((one) => `${one.invariant}: ${scenario}, ${what}, ${fault}: ${one.what}`),
    ),
    ...real.flatMap(({ what, fault, broken }) =>
      broken.map((one) => `${one} (real processes, ${what}, ${fault})`),
    ),
  ];
}

/** Promises of the drills on real processes, by what they are counted as. */
const REAL: Readonly<Record<string, Count>> = {
  I1: 'left bad unpaged',
  I2: 'locks leaked',
  I3: 'receipts missing',
  I4: 'paths doubled',
};

/** What everything comes to. */
export function closing(rows: readonly Row[], real: readonly RealRow[] = []): string {
  const counts = (['left bad unpaged', 'receipts missing', 'paths doubled', 'locks leaked'] as const).map(
    (count) => {
      const simulated = rows.filter(({ broken }) => broken.some((one) => one.count === count));
      const onProcesses = real.filter(({ broken }) => broken.some((one) => REAL[one.slice(0, 2)] === count));
      return `${simulated.length + onProcesses.length} ${count}`;
    },
  );
  return `${rows.length + real.length} cases, ${counts.join(', ')}`;
}
