import { expect, test } from 'vitest';
import { pathChange } from '../../../../lib/drill/statistics/path-change.ts';
import { noStatistics, statisticsOfAll } from '../../../../lib/drill/statistics/statistics.ts';
import { receipt, TARGET } from '../fixtures/told-receipts.ts';

const SAME = { plan: 'sha256:feed', target: 'sha256:setup' };

function rehearsed(...drills: readonly Parameters<typeof receipt>[0][]) {
  const receipts = drills.map((drill, at) => ({
    ...receipt({ number: at + 1, ...drill }),
    pathFingerprint: 'sha256:setup',
  }));
  return statisticsOfAll(TARGET, receipts);
}

test('is unknown before a drill has restored the target, and where the receipt does not tell the setup', () => {
  expect(pathChange(noStatistics(TARGET), SAME).changed).toBeNull();
  expect(pathChange(rehearsed({ timerMs: null }), SAME).changed).toBeNull();
  expect(pathChange(statisticsOfAll(TARGET, [receipt()]), SAME)).toMatchObject({
    changed: null,
    reason: 'the receipt of drill 1 does not tell how the target was set up',
  });
});

test('a drill that did not restore the target rehearses no path', () => {
  const statistics = rehearsed({}, { timerMs: null, outcome: 'not-restored' });
  expect(pathChange(statistics, SAME)).toEqual({
    changed: false,
    reason: 'plan and target are those of drill 1',
  });
});

test.each([
  ['another plan', { ...SAME, plan: 'sha256:other' }, 'plan shop-ecs is sha256:other'],
  ['another setup', { ...SAME, target: 'sha256:other' }, 'the target is set up as sha256:other'],
])('%s is another path, which must be drilled again', (_, now, reason) => {
  const told = pathChange(rehearsed({}), now);
  expect(told.changed).toBe(true);
  expect(told.reason).toContain(reason);
});
