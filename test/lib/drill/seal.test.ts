import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestOf } from '../../../lib/drill/digest.ts';
import { NO_RECEIPTS, seal } from '../../../lib/drill/seal.ts';
import { verify } from '../../../lib/drill/verify.ts';
import { goodDrill, having, lacking, probes } from './fixtures/journal.ts';
import { chain, headOf, stored, unsealed } from './fixtures/receipts.ts';

describe('a sealed receipt', () => {
  test('of another journal, or behind another head, never has the same digest', () => {
    const receipt = seal(unsealed(), NO_RECEIPTS);
    const other = having(goodDrill(), probes({ total: 1101 }));
    expect(seal(unsealed(other), NO_RECEIPTS).digest).not.toBe(receipt.digest);
    expect(seal(unsealed(), headOf(receipt)).digest).not.toBe(receipt.digest);
  });

  test('of the same journal behind the same head has the same bytes, whoever seals it', () => {
    const [head] = chain(1).map(headOf);
    if (!head) throw new Error('a chain of one has a head');
    const bytes = (journal = goodDrill()) => JSON.stringify(seal(unsealed(journal), head), null, 2);
    expect(bytes(stored(goodDrill()))).toBe(bytes());
  });

  test('stands behind the head of its target', () => {
    const [first, second, third] = chain(3);
    expect([first?.sequence, second?.sequence, third?.sequence]).toEqual([1, 2, 3]);
    expect(first?.previousDigest).toBeNull();
    expect(second?.previousDigest).toBe(first?.digest);
    expect(third?.previousDigest).toBe(second?.digest);
  });

  test('proves everything but its own digest', () => {
    const { digest, ...content } = seal(unsealed(), NO_RECEIPTS);
    expect(digest).toBe(digestOf(stored(content)));
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  test('has a fingerprint of every part, and of every mark and figure', () => {
    const { digest, fingerprints, ...parts } = seal(unsealed(), NO_RECEIPTS);
    const { marks, figures, ...others } = parts;
    expect(Object.keys(fingerprints).toSorted()).toEqual(
      [
        ...Object.keys(others),
        ...Object.keys(marks).map((name) => `marks.${name}`),
        ...Object.keys(figures).map((name) => `figures.${name}`),
      ].toSorted(),
    );
  });
});

test('whatever a journal lacks, what was sealed from it verifies, also after it was stored', () => {
  const optional = goodDrill().filter(({ kind }) => kind !== 'opened' && kind !== 'numbered');
  fc.assert(
    fc.property(fc.subarray(optional.map(({ key }) => key)), (missing) => {
      const receipt = seal(unsealed(lacking(goodDrill(), ...missing)), NO_RECEIPTS);
      expect(verify([stored(receipt)])).toEqual([]);
    }),
  );
});
