import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NO_RECEIPTS, type Receipt, seal } from '../../../lib/drill/seal.ts';
import { verify } from '../../../lib/drill/verify.ts';
import { at, goodDrill, having, lacking, UNDETECTED } from './fixtures/journal.ts';
import { chain, headOf, stored, unsealed } from './fixtures/receipts.ts';

const RECEIPT = stored(seal(unsealed(), NO_RECEIPTS));

type Keys = readonly (string | number)[];

function parts(...receipts: readonly Receipt[]): readonly string[] {
  return verify(receipts).map(({ part }) => part);
}

/** A copy with one member replaced; `undefined` takes it away. */
function altered(receipt: Receipt, keys: Keys, value: unknown): Receipt {
  const copy = stored(receipt);
  const last = keys.at(-1) as string;
  const parent = keys.slice(0, -1).reduce<Record<string, unknown>>(inner, { ...copy });
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return keys.length === 1 ? ({ ...copy, [last]: value } as Receipt) : copy;
}

function inner(parent: Record<string, unknown>, key: string | number): Record<string, unknown> {
  return parent[key] as Record<string, unknown>;
}

/** Every leaf of a value, by the keys that lead to it. */
function leaves(value: unknown, keys: Keys = []): readonly { keys: Keys; value: unknown }[] {
  if (typeof value !== 'object' || value === null) return [{ keys, value }];
  return Object.entries(value).flatMap(([key, member]) => leaves(member, [...keys, key]));
}

/** The name under which an alteration there must be told. */
function partOf([first, second]: Keys): string {
  return first === 'marks' || first === 'figures' ? `${first}.${second}` : String(first);
}

test('finds nothing in receipts that nobody touched', () => {
  expect(verify([])).toEqual([]);
  expect(verify(chain(4).map(stored))).toEqual([]);
  expect(verify(chain(4).slice(2))).toEqual([]);
});

describe('names what was altered', () => {
  test.each<[string, Keys, unknown, string]>([
    ['a figure', ['figures', 'rollbackSpeedMs'], 60_000, 'figures.rollbackSpeedMs'],
    ['a figure that became unknown', ['figures', 'completeness'], null, 'figures.completeness'],
    ['a mark', ['marks', 'restored', 'at'], at(150), 'marks.restored'],
    ['the evidence of a mark', ['marks', 'badServing', 'evidence'], 'nothing', 'marks.badServing'],
    ['a reason', ['reasons', 0], 'all went well', 'reasons'],
    ['a reason that is gone', ['reasons'], [], 'reasons'],
    ['the outcome', ['outcome'], 'failed', 'outcome'],
    ['a step', ['steps', 9, 'attempts'], 2, 'steps'],
    ['the verdict of a validation', ['validations', 0, 'verdict'], 'failed', 'validations'],
    ['the evidence of a validation', ['validations', 0, 'evidence'], [], 'validations'],
    ['a gap that is gone', ['gaps'], [], 'gaps'],
    ['a path', ['path', 'tried', 0, 'result'], 'failed', 'path'],
    ['a command', ['commands', 0], 'aws ecs describe-services', 'commands'],
    ['a number', ['number'], 4, 'number'],
    ['a digest', ['digest'], `sha256:${'0'.repeat(64)}`, 'digest'],
    ['a member that is gone', ['marks', 'allClear'], undefined, 'marks.allClear'],
    ['a figure that is gone', ['figures', 'userImpactMs'], undefined, 'figures.userImpactMs'],
    ['a member that was added', ['signedBy'], 'ana', 'signedBy'],
  ])('%s', (_, keys, value, part) => expect(parts(altered(RECEIPT, keys, value))).toContain(part));

  test.each(['steps', 'reasons', 'validations', 'commands'] as const)('the order of the %s', (name) => {
    expect(parts({ ...RECEIPT, [name]: RECEIPT[name].toReversed() })).toContain(name);
  });

  test.each(leaves(RECEIPT).map(({ keys, value }) => ({ name: keys.join('.'), keys, value })))(
    'even nothing but $name',
    ({ keys, value }) => {
      const found = parts(altered(RECEIPT, keys, value === 'altered' ? 'again' : 'altered'));
      const [first, second] = keys;
      expect(found).toContain(first === 'fingerprints' ? second : partOf(keys));
      expect(found).toContain('digest');
    },
  );

  test('a digest or a target that is no text', () => {
    const nothingToWrite = { toString: 0 };
    expect(parts(altered(RECEIPT, ['digest'], nothingToWrite))).toContain('digest');
    expect(parts(altered(RECEIPT, ['target'], nothingToWrite))).toContain('target');
  });

  test('whatever takes the place of any one leaf', () => {
    const places = leaves(RECEIPT).filter(({ keys }) => keys[0] !== 'fingerprints');
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.jsonValue(), ({ keys, value }, instead) => {
        fc.pre(JSON.stringify(instead) !== JSON.stringify(value));
        expect(parts(altered(RECEIPT, keys, instead))).toContain(partOf(keys));
      }),
      { numRuns: 500 },
    );
  });
});

describe('recomputes what was sealed again after it was altered', () => {
  function forged(change: Partial<Receipt>): Receipt {
    const { digest, fingerprints, sequence, previousDigest, ...content } = RECEIPT;
    return seal({ ...content, ...change }, NO_RECEIPTS);
  }

  test.each<[string, Partial<Receipt>, readonly string[]]>([
    ['a figure', { figures: { ...RECEIPT.figures, rehearsalTimerMs: 60_000 } }, ['figures.rehearsalTimerMs']],
    ['an outcome', { outcome: 'rescued' }, ['outcome']],
    ['reasons', { reasons: ['all went well'] }, ['reasons']],
    ['gaps', { gaps: [] }, ['gaps']],
    ['a dominant step', { dominantStep: { name: 'RollBack', share: 1 } }, ['dominantStep']],
    [
      'a fact: its conclusions no longer follow',
      { validations: RECEIPT.validations.map((each) => ({ ...each, verdict: 'failed' as const })) },
      ['figures.completeness', 'outcome', 'reasons'],
    ],
  ])('%s', (_, change, named) => expect(parts(forged(change))).toEqual(named));

  test('marks that contradict each other', () => {
    const validated = { ...RECEIPT.marks.validated, at: at(100) } as Receipt['marks']['validated'];
    const receipt = forged({ marks: { ...RECEIPT.marks, validated } });
    expect(verify([receipt])).toEqual([
      expect.objectContaining({ part: 'marks', message: expect.stringContaining('is before restored') }),
    ]);
  });

  test('and says what was stated and what follows from the facts', () => {
    expect(verify([forged({ outcome: 'rescued' })])).toEqual([
      {
        receipt: 'ecs:shop/web#003',
        part: 'outcome',
        message: 'the receipt says "rescued", recomputed from its facts it is "passed"',
      },
    ]);
  });
});

describe('a chain does not hold', () => {
  const [first, second, third] = chain(3) as [Receipt, Receipt, Receipt];

  test('with a receipt taken out', () => {
    expect(verify([first, third])).toEqual([
      {
        receipt: 'ecs:shop/web#003',
        part: 'sequence',
        message: 'sequence 3 follows 1: the receipt between them is missing',
      },
    ]);
  });

  test('with two receipts swapped, or one given twice', () => {
    expect(parts(second, first, third)).toContain('sequence');
    expect(parts(first, third, second)).toContain('sequence');
    expect(parts(first, first)).toEqual(['sequence']);
  });

  test('with a receipt that was replaced by another one, sealed at the same place', () => {
    const undetected = lacking(having(goodDrill(), UNDETECTED), 'trigger/');
    const other = seal(unsealed(undetected), headOf(first));
    expect(verify([first, other, third])).toEqual([
      expect.objectContaining({ receipt: 'ecs:shop/web#003', part: 'previousDigest' }),
    ]);
  });

  test('but the chains of two targets are two chains', () => {
    const other = seal({ ...unsealed(), target: 'ecs:shop/search' }, NO_RECEIPTS);
    expect(verify([first, other, second])).toEqual([]);
  });
});

test('what is no receipt at all is told as such, not thrown', () => {
  const found = verify([altered(RECEIPT, ['incidents'], null), altered(RECEIPT, ['marks'], null)]);
  expect(found.map(({ part }) => part)).toContain('schema');
});
