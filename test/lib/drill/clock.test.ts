import { describe, expect, test } from 'vitest';
import {
  iso,
  type Mark,
  type MarkName,
  type Marks,
  marksOutOfOrder,
  timeOf,
} from '../../../lib/drill/clock.ts';
import { marksFrom } from '../../../lib/drill/marks.ts';
import { at, goodDrill, ms } from './fixtures/journal.ts';

const SOUND: Marks = {
  ...marksFrom(goodDrill(), { restored: null, reason: 'never-restored' }),
  restored: set(200),
};

function set(seconds: number, resolutionMs?: number): Mark {
  const mark = { at: at(seconds), source: 'event', evidence: 'an event' } as const;
  return resolutionMs === undefined ? mark : { ...mark, resolutionMs };
}

describe('the order of marks', () => {
  test.each<[MarkName, number, string]>([
    ['badDeployStarted', -1, 'badDeployStarted (2026-11-03T09:59:59.000Z) is before drillStarted'],
    ['rollbackDecided', 12.999, 'rollbackDecided (2026-11-03T10:00:12.999Z) is before badDeployStarted'],
    ['rollbackStarted', 25.1, 'rollbackStarted (2026-11-03T10:00:25.100Z) is before rollbackDecided'],
    ['restored', 25.9, 'restored (2026-11-03T10:00:25.900Z) is before rollbackStarted'],
    ['validated', 199, 'validated (2026-11-03T10:03:19.000Z) is before restored'],
    ['allClear', 219, 'allClear (2026-11-03T10:03:39.000Z) is before validated'],
  ])('does not accept %s at %d s', (name, seconds, message) => {
    const found = marksOutOfOrder({ ...SOUND, [name]: set(seconds) });
    expect(found).toEqual([expect.stringContaining(message)]);
  });

  test('does not call a mark early that only its coarse source puts there', () => {
    expect(marksOutOfOrder({ ...SOUND, rollbackStarted: set(25, 1000) })).toEqual([]);
    expect(marksOutOfOrder({ ...SOUND, rollbackStarted: set(24, 1000) })).toHaveLength(1);
  });

  test.each<[string, Partial<Marks>]>([
    ['an adopted rollback was decided and started at the same moment', same(24)],
    ['a trigger fired before users saw anything', { triggerObserved: set(14) }],
    ['the target rolled itself back before the trigger was observed', { ...same(20) }],
    ['a mark does not exist', { rollbackDecided: { at: null, reason: 'never-decided' } }],
  ])('stands when %s', (_, marks) => expect(marksOutOfOrder({ ...SOUND, ...marks })).toEqual([]));
});

test('a mark that does not exist has no time', () => {
  expect(timeOf({ at: null, reason: 'undetected' })).toBeNull();
  expect(timeOf(set(1.5))).toBe(ms(1.5));
  expect(iso(ms(1.5))).toBe('2026-11-03T10:00:01.500Z');
});

function same(seconds: number): Partial<Marks> {
  return { rollbackDecided: set(seconds), rollbackStarted: set(seconds) };
}
