import { describe, expect, test } from 'vitest';
import { stoppedBySwitch, stopReason } from '../../../lib/drill/stop-conditions.ts';
import type { Sample } from '../../../lib/drill/witness/sample.ts';

const NONE = { minimumSamples: 4, alarms: [] };
const START = Date.parse('2026-11-03T10:00:00.000Z');

/** One probe a second: `x` failed, `.` was ok. */
function seen(text: string): readonly Sample[] {
  return [...text].map((probe, index) => {
    const at = START + 1_000 * index;
    const ok = probe === '.';
    return {
      sentAt: at,
      at,
      ok,
      status: ok ? 200 : 500,
      release: 'v5',
      failure: ok ? null : 'status 500, allowed 200',
    };
  });
}

function facts(text: string) {
  return { samples: seen(text), deployedAt: START, alarms: [] };
}

describe('the failing share', () => {
  const share = { ...NONE, maximumFailingShare: 0.5 };

  test('does not stop a drill before it has its samples', () =>
    expect(stopReason(share, facts('xxx'))).toBeNull());

  test('does not stop a drill that just keeps it', () => expect(stopReason(share, facts('..xx'))).toBeNull());

  test('stops a drill that exceeds it, with the arithmetic', () =>
    expect(stopReason(share, facts('.xxx'))).toEqual({
      condition: 'maximum-failing-share',
      reason: '3 of 4 probes failed (75 %) > 50 % since the known-bad release',
    }));

  test('does not count what failed before the known-bad release', () =>
    expect(stopReason(share, { ...facts('xxxx....'), deployedAt: START + 4_000 })).toBeNull());
});

describe('the time that probes may fail', () => {
  const limited = { ...NONE, maximumBadForMs: 3_000 };

  test.each(['.xxxx', 'xxxx.', '......'])(
    'does not stop a drill within it, or one that is well again: %s',
    (text) => expect(stopReason(limited, facts(text))).toBeNull(),
  );

  test('stops a drill that is still failing after it, also when some probes succeeded in between', () => {
    for (const text of ['xxxxx', 'x...x'])
      expect(stopReason(limited, facts(text))).toMatchObject({
        condition: 'maximum-bad-for',
        reason: expect.stringContaining('probes have failed for 4s > 3s, since 2026-11-03T10:00:00.000Z'),
      });
  });
});

describe('alarms', () => {
  const alarms = [
    { name: 'errors', state: 'ALARM', since: '2026-11-03T10:00:05.000Z' },
    { name: 'latency', state: 'INSUFFICIENT_DATA', since: null },
  ] as const;

  test('stop a drill when one of the plan goes to ALARM', () =>
    expect(stopReason({ ...NONE, alarms: ['latency', 'errors'] }, { ...facts('.'), alarms })).toEqual({
      condition: 'alarm',
      reason: 'alarm errors went to ALARM at 2026-11-03T10:00:05.000Z; OK is allowed',
    }));

  test('do not stop a drill whose plan does not name them, nor for want of data', () =>
    expect(stopReason({ ...NONE, alarms: ['latency', 'queue'] }, { ...facts('.'), alarms })).toBeNull());
});

test('a plan without stop conditions is stopped by nothing but the safety switch', () => {
  expect(stopReason(NONE, facts('x'.repeat(100)))).toBeNull();
  expect(stoppedBySwitch(null)).toBeNull();
  expect(stoppedBySwitch({ kind: 'off' })).toBeNull();
  expect(stoppedBySwitch({ kind: 'missing' })).toBeNull();
  expect(stoppedBySwitch({ kind: 'on', reason: 'incident' })).toEqual({
    condition: 'safety-switch',
    reason: 'the safety switch is on: incident; a drill goes on only while it is off',
  });
});
