import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { summary } from '../../../lib/cli/summary.ts';
import { recordFrom } from '../../../lib/drill/record.ts';
import { widthOf } from '../../../lib/report/text.ts';
import {
  goodDrill,
  having,
  lacking,
  PLAN,
  path,
  trigger,
  UNDETECTED,
  validation,
} from '../drill/fixtures/journal.ts';
import { receiptOf } from './fixtures/drills.ts';
import { Pipe, Screen } from './fixtures/screen.ts';

beforeEach(() => {
  for (const name of ['NO_COLOR', 'FORCE_COLOR', 'NODE_DISABLE_COLORS']) vi.stubEnv(name, undefined);
});

afterEach(() => vi.unstubAllEnvs());

const REFUSED = [
  ...goodDrill().slice(0, 3),
  { kind: 'guardrail', key: 'a', name: 'target-active', verdict: 'passed', reason: 'status is ACTIVE' },
  { kind: 'guardrail', key: 'b', name: 'alarms-ok', verdict: 'refused', reason: 'found ALARM, allowed OK' },
  { kind: 'refused', key: 'refused', by: 'guardrail', reason: 'alarms-ok: found ALARM, allowed OK' },
] as const;

test('tells of a refused drill only who refused, what was found and what is allowed', () => {
  const text = summary(recordFrom(REFUSED), new Pipe());
  expect(text).toContain(' REFUSED  ecs:shop/web');
  expect(text).toContain('✗ guardrail: alarms-ok: found ALARM, allowed OK');
  expect(text).toContain('passed   target-active');
  expect(text).toContain('Nothing was touched');
  expect(text).not.toContain('Measured');
  expect(text.split('\n').length).toBeLessThan(12);
});

test('says why a figure is unknown, and never shows it as zero', () => {
  const text = summary(receiptOf(having(lacking(goodDrill(), 'trigger/'), UNDETECTED)), new Pipe());
  expect(text).toMatch(/rehearsal timer +unknown +triggerObserved: undetected/);
  expect(text).toMatch(/trigger → rollback call +unknown +triggerObserved: undetected/);
  expect(text).toMatch(/— +triggerObserved +undetected/);
});

test('shows a time to detect that is negative as negative', () => {
  expect(summary(receiptOf(having(goodDrill(), trigger('checkout-fails', 19))), new Pipe())).toMatch(
    /time to detect +−1\.000 s/,
  );
});

test('shows what failed as failed, with its reason', () => {
  const journal = having(
    goodDrill(),
    path('ecs-previous-task-definition', 'failed', 30, 'the call was refused'),
    validation('login', 219, { verdict: 'failed', reason: 'status 500, allowed 200' }),
    validation('checkout', 220, { verdict: 'unknown', reason: 'no answer' }),
  );
  const text = summary(receiptOf(journal), new Pipe());
  expect(text).toContain(' FAILED  ecs:shop/web#003');
  expect(text).toMatch(/✗ ecs-previous-task-definition +failed: the call was refused/);
  expect(text).toContain('✗ login (synthetic-transaction) failed: status 500, allowed 200');
  expect(text).toContain('? checkout (synthetic-transaction) unknown: no answer');
});

test('lets no text on a receipt act on the terminal or forge a line', () => {
  const evil = 'x\x1b[2J\u202e\n PASSED  forged';
  const receipt = { ...receiptOf(), target: evil, reasons: [evil], commands: [evil], startedBy: evil };
  const text = summary(receipt, new Pipe());
  for (const forbidden of ['\x1b', '\u202e']) expect(text).not.toContain(forbidden);
  expect(text).not.toMatch(/^ PASSED {2}forged/m);
});

test.each([72, 80, 100])(
  'stays within %i columns, but for commands that are there to be copied',
  (columns) => {
    const text = summary(receiptOf(), new Screen(columns));
    const lines = text.split('\n').filter((line) => !line.includes('$ aws') && !line.includes('sha256:'));
    expect(lines.filter((line) => widthOf(line) > columns)).toEqual([]);
  },
);

test('has colours on a terminal, and none in a pipe', () => {
  expect(summary(receiptOf(), new Screen())).toContain('\x1b[');
  expect(summary(receiptOf(), new Pipe())).not.toContain('\x1b');
});

test('tells marks in the order of time to the millisecond, and the figures with their limits', () => {
  const text = summary(receiptOf(), new Pipe());
  expect(text).toMatch(
    /10:00:25\.000 +\+25\.000s +triggerObserved +probe\n.*10:00:25\.200 +\+25\.200s +rollbackDecided/,
  );
  expect(text).toMatch(/rehearsal timer +2 min 55\.0 s +trigger → restored; budget 5 min/);
  expect(text).toMatch(/rollback speed +2 min 54\.8 s .*target 15 min/);
  expect(text).toMatch(/trigger → rollback call +1\.000 s/);
  expect(text).toContain(`POST /orders: an order → ${PLAN.sideEffects[0]?.compensation}`);
  expect(text).toContain('the first receipt of this target');
});

test('tells whether the migration was undone beside the path that was taken', () => {
  const migration = {
    round: 1,
    result: 'not-ended',
    reason: 'it is not known to have ended',
    at: null,
  } as const;
  expect(summary({ ...receiptOf(), migration }, new Pipe())).toMatch(
    /✗ undo of the migration +not-ended: it is not known to have ended/,
  );
});
