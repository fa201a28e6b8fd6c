import { createHash } from 'node:crypto';
import { canonicalJson, digestOf } from './digest.ts';
import type { UnsealedReceipt } from './receipt.ts';

/** The place of a receipt in the chain of its target. */
export interface Link {
  /** Counts the sealed receipts of the target, from 1. */
  readonly sequence: number;
  /** `null` for the first receipt of a target. */
  readonly previousDigest: string | null;
}

export interface Receipt extends UnsealedReceipt, Link {
  /** Short hashes of the parts, so that `verify` can name the part that was altered. The digest alone proves. */
  readonly fingerprints: Readonly<Record<string, string>>;
  /** SHA-256 over the canonical JSON of everything else. */
  readonly digest: string;
}

/** The newest link of a target's chain; sequence 0 before the first receipt. */
export interface Head {
  readonly sequence: number;
  readonly digest: string | null;
}

export const NO_RECEIPTS: Head = { sequence: 0, digest: null };

/** Places an unsealed receipt behind the head. Whoever seals the same journal behind the same head gets the same bytes. */
export function seal(receipt: UnsealedReceipt, head: Head): Receipt {
  const linked = { ...receipt, sequence: head.sequence + 1, previousDigest: head.digest };
  const printed = { ...linked, fingerprints: fingerprintsOf(linked) };
  return { ...printed, digest: digestOf(printed) };
}

/** Hashes of every member, and of every member of `marks` and `figures`. */
export function fingerprintsOf(content: object): Readonly<Record<string, string>> {
  const parts = Object.entries(content).flatMap(([name, value]) =>
    name === 'marks' || name === 'figures'
      ? Object.entries(value as object).map(([member, inner]): [string, unknown] => [
          `${name}.${member}`,
          inner,
        ])
      : [[name, value] as [string, unknown]],
  );
  return Object.fromEntries(parts.map(([name, value]) => [name, fingerprint(value)]));
}

function fingerprint(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 12);
}
