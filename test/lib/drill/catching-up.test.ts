import { describe, expect, test } from 'vitest';
import { newTo } from '../../../lib/drill/catching-up.ts';
import type { Entry, EntryOf } from '../../../lib/drill/entry.ts';
import { at, goodDrill } from './fixtures/journal.ts';

const JOURNAL = goodDrill();
const RESTORED = JOURNAL.find((entry): entry is EntryOf<'restored'> => entry.kind === 'restored');
const LATER = { ...RESTORED, key: 'restored/later', at: at(500) } as EntryOf<'restored'>;
const VOIDED: Entry = {
  kind: 'restored-voided',
  key: 'restored-voided/later',
  at: at(400),
  reason: 'bad again',
};
const PAGED: Entry = { kind: 'paged', key: 'paged', at: at(510), message: 'come' };

describe('what was done without the stores', () => {
  test('is not a second restoration where one stands', () => {
    expect(newTo(JOURNAL, [LATER, PAGED])).toEqual([PAGED]);
  });

  test('is a restoration where none stands', () => {
    const unrestored = JOURNAL.filter(({ kind }) => kind !== 'restored');
    expect(newTo(unrestored, [LATER])).toEqual([LATER]);
  });

  test('is a restoration after the one that stood was voided', () => {
    expect(newTo(JOURNAL, [VOIDED, LATER])).toEqual([VOIDED, LATER]);
    expect(newTo([...JOURNAL, VOIDED], [LATER])).toEqual([LATER]);
  });

  test('is not told twice', () => {
    expect(newTo(JOURNAL, JOURNAL)).toEqual([]);
  });
});
