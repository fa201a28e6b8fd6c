import { describe, expect, test } from 'vitest';
import type { Entry } from '../../../lib/drill/entry.ts';
import { recordFrom } from '../../../lib/drill/record.ts';
import { aborted, at, fault, goodDrill, takenOver } from './fixtures/journal.ts';

const OPENED = goodDrill().slice(0, 3);
const REFUSED: Entry = { kind: 'refused', key: 'refused/lock', by: 'lock', reason: 'held by drill-0' };

function judged(...entries: readonly Entry[]) {
  const { outcome, reasons } = recordFrom([...OPENED, ...entries]);
  return { outcome, reasons };
}

describe('the record of a drill that touched nothing', () => {
  test('needs a journal that was opened', () => {
    expect(() => recordFrom([REFUSED])).toThrow('a record needs a journal that was opened');
  });

  test('never has a number or a place in the chain', () => {
    const record = recordFrom([...OPENED, REFUSED]);
    expect(record.number).toBeNull();
    expect(record).not.toHaveProperty('sequence');
    expect(record).not.toHaveProperty('digest');
  });

  test.each<[string, readonly Entry[], ReturnType<typeof judged>]>([
    ['a refusal', [REFUSED], { outcome: 'refused', reasons: ['lock: held by drill-0'] }],
    [
      'a refusal, whoever ended the drill afterwards',
      [REFUSED, aborted(3), takenOver(9)],
      { outcome: 'refused', reasons: ['lock: held by drill-0'] },
    ],
    [
      'a person who stopped it',
      [aborted(3)],
      { outcome: 'aborted', reasons: ['ended by ana: checkout of a customer hurts'] },
    ],
    [
      'a drill that died before it began',
      [takenOver(9)],
      { outcome: 'aborted', reasons: ['ended by watchdog: the execution ended without a seal'] },
    ],
    [
      'a guardrail that could not be read',
      [fault('CheckGuardrails')],
      { outcome: 'refused', reasons: ['CheckGuardrails broke: Lambda.Unknown: it crashed'] },
    ],
    [
      'nothing that was recorded',
      [],
      { outcome: 'refused', reasons: ['the drill ended before it was numbered, nothing was touched'] },
    ],
  ])('tells %s', (_, entries, expected) => expect(judged(...entries)).toEqual(expected));

  test('tells every guardrail with what was found', () => {
    const guardrail = { name: 'alarms', verdict: 'refused', reason: '1 alarm in ALARM > 0' } as const;
    const record = recordFrom([
      ...OPENED,
      { kind: 'guardrail', key: 'guardrail/start/alarms', ...guardrail },
    ]);
    expect(record).toMatchObject({ id: 'drill-1', startedAt: at(0), guardrails: [guardrail] });
  });
});
