import { describe, expect, test } from 'vitest';
import {
  backgroundWork,
  type ComparedQueue,
  type QueueCounts,
} from '../../../../lib/drill/validations/background-work.ts';

function counts(visible: number, more: Partial<QueueCounts> = {}): QueueCounts {
  return { visible, inFlight: 0, delayed: 0, oldestMs: null, ...more };
}

function queue(changes: Partial<ComparedQueue> = {}): ComparedQueue {
  return {
    name: 'orders',
    deadLetter: false,
    tolerance: 0,
    maximumAgeMs: null,
    before: counts(0),
    now: counts(0),
    ...changes,
  };
}

describe('work that is not done', () => {
  test.each<[what: string, changes: Partial<ComparedQueue>, reason: string]>([
    ['waits', { now: counts(3) }, 'messages in orders 3 > 0 before'],
    ['is in hand', { now: counts(0, { inFlight: 2 }) }, 'messages in orders 2 > 0 before'],
    ['comes later', { now: counts(0, { delayed: 1 }) }, 'messages in orders 1 > 0 before'],
    [
      'is more than the plan lets be',
      { tolerance: 5, before: counts(2), now: counts(8) },
      'messages in orders 8 > 7 (2 before + 5)',
    ],
    ['was given up', { deadLetter: true, now: counts(4) }, 'dead letters in orders 4 > 0 before'],
    [
      'has waited too long',
      { maximumAgeMs: 1_000, before: counts(1), now: counts(1, { oldestMs: 2_000 }) },
      'the oldest message in orders is 2000 ms old > 1000 ms',
    ],
  ])('%s', (_, changes, reason) => {
    expect(backgroundWork([queue(), queue(changes)])).toMatchObject({ verdict: 'failed', reason });
  });
});

describe('what is not known does not pass', () => {
  test.each<[what: string, changes: Partial<ComparedQueue>, reason: string]>([
    ['nothing before', { before: null }, 'queue orders was not measured before the drill'],
    ['nothing now', { now: { why: 'AccessDenied' } }, 'queue orders cannot be read: AccessDenied'],
    [
      'the age that the plan asks for',
      { maximumAgeMs: 1_000, before: counts(1), now: counts(1) },
      'how old the oldest message in orders is was not told by CloudWatch',
    ],
  ])('%s', (_, changes, reason) => {
    expect(backgroundWork([queue(changes)])).toMatchObject({ verdict: 'unknown', reason });
  });
});

test('no more than before is done, however old the oldest was before the drill', () => {
  const old = counts(2, { oldestMs: 90_000 });
  const queues = [
    queue({ before: old, now: counts(1, { oldestMs: 80_000 }), maximumAgeMs: 1_000 }),
    queue({ name: 'given-up', deadLetter: true, before: counts(4), now: counts(4) }),
    queue({ name: 'empty', maximumAgeMs: 1_000 }),
  ];
  expect(backgroundWork(queues)).toEqual({
    verdict: 'passed',
    reason:
      'messages in orders 1 ≤ 2 before; the oldest message in orders is 80000 ms old ≤ 90000 ms; dead letters in given-up 4 ≤ 4 before; messages in empty 0 ≤ 0 before',
    evidence: [
      'orders: before 2 visible, 0 in flight, 0 delayed, the oldest 90000 ms old; now 1 visible, 0 in flight, 0 delayed, the oldest 80000 ms old',
      'given-up: before 4 visible, 0 in flight, 0 delayed, age of the oldest not told; now 4 visible, 0 in flight, 0 delayed, age of the oldest not told',
      'empty: before 0 visible, 0 in flight, 0 delayed, age of the oldest not told; now 0 visible, 0 in flight, 0 delayed, age of the oldest not told',
    ],
  });
});
