import { isDeepStrictEqual } from 'node:util';
import { marksOutOfOrder } from './clock.ts';
import { digestOf } from './digest.ts';
import { FIGURES } from './figures.ts';
import { conclude } from './receipt.ts';
import { fingerprintsOf, type Receipt } from './seal.ts';

/** One thing on a receipt, or between two, that does not hold. */
export interface Difference {
  readonly receipt: string;
  readonly part: string;
  readonly message: string;
}

/** Recomputes every conclusion and the digest of each receipt, and the chain between those that were given. */
export function verify(receipts: readonly Receipt[]): readonly Difference[] {
  return [...receipts.flatMap(differencesOf), ...broken(receipts)];
}

function differencesOf(receipt: Receipt): readonly Difference[] {
  return CHECKS.flatMap((check) => {
    try {
      return check(receipt);
    } catch (error) {
      return [difference(receipt, 'schema', `this is no whole receipt: ${String(error)}`)];
    }
  });
}

const CHECKS = [altered, recomputed, disordered];

function altered(receipt: Receipt): readonly Difference[] {
  const { digest, ...content } = receipt;
  const { fingerprints, ...rest } = content;
  const now = fingerprintsOf(rest);
  const names = [...new Set([...Object.keys(now), ...Object.keys(fingerprints)])];
  const parts = names.filter((name) => now[name] !== fingerprints[name]);
  const named = parts.map((part) => difference(receipt, part, 'was altered after the receipt was sealed'));
  if (digestOf(content) === digest) return named;
  return [
    ...named,
    difference(
      receipt,
      'digest',
      `the content has digest ${digestOf(content)}, the receipt says ${shown(digest)}`,
    ),
  ];
}

function recomputed(receipt: Receipt): readonly Difference[] {
  const conclusions = conclude(receipt);
  const { figures, ...others } = conclusions;
  return [
    ...FIGURES.map((name) => [`figures.${name}`, receipt.figures[name], figures[name]] as const),
    ...namesOf(others).map((name) => [name, receipt[name], others[name]] as const),
  ]
    .filter(([, stated, value]) => !isDeepStrictEqual(stated, value))
    .map(([name, stated, value]) =>
      difference(
        receipt,
        name,
        `the receipt says ${short(stated)}, recomputed from its facts it is ${short(value)}`,
      ),
    );
}

function namesOf<T extends object>(value: T): readonly (keyof T & string)[] {
  return Object.keys(value) as (keyof T & string)[];
}

function disordered(receipt: Receipt): readonly Difference[] {
  return marksOutOfOrder(receipt.marks).map((message) => difference(receipt, 'marks', message));
}

/** Receipts of one target must follow each other without a gap, in the order given. What lies before the first is not asked for. */
function broken(receipts: readonly Receipt[]): readonly Difference[] {
  const byTarget = Map.groupBy(receipts, (receipt) => receipt.target);
  return [...byTarget.values()].flatMap((chain) =>
    chain.slice(1).flatMap((receipt, index) => linkBetween(chain[index] as Receipt, receipt)),
  );
}

function linkBetween(previous: Receipt, receipt: Receipt): readonly Difference[] {
  if (receipt.sequence <= previous.sequence) {
    const message = `sequence ${shown(receipt.sequence)} follows ${shown(previous.sequence)}: receipts must be given in the order of their sequence`;
    return [difference(receipt, 'sequence', message)];
  }
  if (receipt.sequence > previous.sequence + 1) {
    const missing = receipt.sequence - previous.sequence - 1;
    const between = missing === 1 ? 'the receipt between them is' : `${missing} receipts between them are`;
    const message = `sequence ${receipt.sequence} follows ${previous.sequence}: ${between} missing`;
    return [difference(receipt, 'sequence', message)];
  }
  if (receipt.previousDigest === previous.digest) return [];
  return [
    difference(
      receipt,
      'previousDigest',
      `the receipt says ${shown(receipt.previousDigest)}, the receipt before it has ${shown(previous.digest)}`,
    ),
  ];
}

function difference(receipt: Receipt, part: string, message: string): Difference {
  return { receipt: `${shown(receipt.target)}#${shown(receipt.number).padStart(3, '0')}`, part, message };
}

/** Whatever stands in its place, also what no template can write. */
function shown(value: unknown): string {
  return typeof value === 'string' ? value : short(value);
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}
