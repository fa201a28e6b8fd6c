import { expect, test } from 'vitest';
import { recordFrom } from '../../../lib/drill/record.ts';
import { markdown } from '../../../lib/report/markdown.ts';
import { receiptOf } from '../cli/fixtures/drills.ts';
import { goodDrill } from '../drill/fixtures/journal.ts';

test('lets no text become markup, HTML, a link or another cell', () => {
  const evil = '<script>x</script> | [a](javascript:1) `code` *b* https://evil.example\n# Forged';
  const receipt = { ...receiptOf(), reasons: [evil], commands: [evil], target: evil };
  const text = markdown({ ...receipt, marks: { ...receipt.marks, approved: { at: null, reason: evil } } });
  expect(
    text
      .split('\n')
      .filter((line) => !/^- `/.test(line))
      .join('\n'),
  ).not.toMatch(/<script|(?<!\\)\[a|(?<!\\)`code|https:\/\/|(?<!\\)\*b/);
  expect(text).not.toMatch(/^# Forged/m);
  expect(text.match(/^\| approved .*$/m)?.[0].match(/(?<!\\)\|/g)).toHaveLength(4);
  expect(text.match(/^- `<script.*$/m)?.[0].match(/`/g)).toHaveLength(2);
});

test('keeps the page of a refused drill short', () => {
  const journal = [
    ...goodDrill().slice(0, 3),
    { kind: 'refused', key: 'refused', by: 'lock', reason: 'held by another drill' },
  ] as const;
  const text = markdown(recordFrom(journal));
  expect(text).toContain('# Rollback drill of ecs:shop/web: refused');
  expect(text).toContain('- lock: held by another drill');
  expect(text).not.toContain('##');
});

test('has trigger, timer, timestamps, path, commands and proof of a receipt', () => {
  const text = markdown(receiptOf());
  expect(text).toContain('# Rollback drill 003 of ecs:shop/web: passed');
  expect(text).toContain('- **checkout-fails**: 3 of the last 3 probes failed ≥ 3');
  expect(text).toContain('| rehearsal timer | **2 min 55.0 s** | trigger → restored; budget 5 min |');
  expect(text).toContain('| restored | 2026-11-03T10:03:20.000Z | probe: ');
  expect(text).toContain('- `aws call of RollBack/ecs-stop-deployment`');
  expect(text).toContain(`- Digest \`${receiptOf().digest}\``);
});

test('keeps names apart that stand side by side, and escapes numbers only where they would begin a list', () => {
  const text = markdown(receiptOf());
  expect(text).toContain('- last healthy: `v4` `shop:4` `sha256:beef`\n');
  expect(text).toMatch(/\| trigger → rollback call \| 1\.000 s \|/);
  expect(markdown({ ...receiptOf(), reasons: ['1. first', '- second', '2) third'] })).toContain(
    '- 1\\. first\n- \\- second\n- 2\\) third\n',
  );
});

test('tells whether the migration was undone, where the plan has one', () => {
  const migration = { round: 1, result: 'failed', reason: 'no *such* column', at: null } as const;
  expect(markdown(receiptOf())).not.toContain('migration');
  expect(markdown({ ...receiptOf(), migration })).toContain(
    'Undo of the migration: failed: no \\*such\\* column',
  );
});
