import { expect, test } from 'vitest';
import type { Receipt } from '../../../lib/drill/seal.ts';
import { spansOf } from '../../../lib/report/page.ts';
import { postmortem } from '../../../lib/report/postmortem.ts';
import { receiptOf } from '../cli/fixtures/drills.ts';
import { aborted, goodDrill, having, lacking, UNDETECTED } from '../drill/fixtures/journal.ts';

/** Every line below the title of a part. */
function told(receipt: Receipt, title: RegExp): readonly string[] {
  const page = postmortem(receipt);
  const at = page.findIndex((block) => block.kind === 'part' && title.test(String(block.text)));
  const block = page[at + 1];
  return block?.kind === 'list' || block?.kind === 'tasks'
    ? block.items.map((item) => spansOf(item).join(''))
    : [];
}

function figures(more: Partial<Receipt['figures']>): Receipt {
  const receipt = receiptOf();
  return { ...receipt, figures: { ...receipt.figures, ...more } };
}

test('names no person, whoever had a part in the drill', () => {
  const receipt = receiptOf(having(goodDrill(), aborted(30)));
  const page = JSON.stringify(postmortem({ ...receipt, startedBy: 'user/ana' }));
  expect(page).not.toMatch(/\bana\b/);
});

test('turns what nobody knows into a question, and never into a zero', () => {
  const receipt = receiptOf(lacking(having(goodDrill(), UNDETECTED), 'trigger/', 'probes'));
  expect(told(receipt, /in the time/)[0]).toMatch(/^How long .*\? Not known: triggerObserved: undetected/);
  expect(told(receipt, /Whom it hurt/)).toEqual([
    expect.stringMatching(/^For how long .*\? Not known: the witness left no probes/),
    expect.stringMatching(/^How many .*\? Not known/),
    expect.stringMatching(/^Did users still .*\? Not known/),
  ]);
});

test('tells of nothing as nothing, not as 0 ms', () => {
  expect(told(figures({ userImpactMs: 0, failedProbeShare: 0, illusionOfRecoveryMs: 0 }), /Whom/)).toEqual([
    'No probe failed. Would anybody have noticed in earnest?',
    'No probe met it any more once the control plane was done.',
  ]);
  expect(told(figures({ userImpactMs: 0, failedProbeShare: 1 }), /Whom/)[0]).toBe('One probe failed.');
});

test('answers what the receipt answers, with what was allowed', () => {
  expect(told(receiptOf(), /in the time/)).toEqual([
    '2 min 55.0 s from trigger to restored; budget 5 min: met.',
    '2 min 54.8 s from decision to restored; target 15 min: met.',
    'AwaitRestored took the largest part, 99.4 %. Could it be shorter?',
  ]);
  const sideEffects = [
    { endpoint: 'POST /a', effect: 'a mail', compensation: 'c', happened: 1, reason: '1 row', owed: 'c' },
  ];
  expect(told({ ...receiptOf(), sideEffects }, /side effects/)).toEqual([
    'POST /a: ‘a mail’ happened once (1 row).',
  ]);
});
