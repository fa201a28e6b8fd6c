import fc from 'fast-check';
import { expect, test } from 'vitest';
import { json } from '../../../lib/report/json.ts';

const HOSTILE = '<script>\u001b[2J\u009b31m\u202etxt.exe\u2066\u200b\u{e0041}\u0007';

test('leaves nothing in a document that a terminal acts on or that turns the reading direction', () => {
  const text = json({ [HOSTILE]: [HOSTILE] });
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(JSON.parse(text)).toEqual({ [HOSTILE]: [HOSTILE] });
});

test('a document says the same as before', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, text) => {
      expect(JSON.parse(json({ value, text }))).toEqual(JSON.parse(JSON.stringify({ value, text })));
    }),
    { numRuns: 30 },
  );
});
