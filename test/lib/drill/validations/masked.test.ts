import { expect, test } from 'vitest';
import { masked } from '../../../../lib/drill/validations/masked.ts';

const SECRET = 'p"ss/Wörd';

test.each([
  ['as it is', SECRET],
  ['in small letters', SECRET.toLowerCase()],
  ['in a URL', encodeURIComponent(SECRET)],
  ['in JSON', JSON.stringify({ SECRET })],
  ['in Base64', Buffer.from(SECRET).toString('base64')],
])('a secret is nowhere in a judgement: %s', (_, text) => {
  const gap = { code: 'x', severity: 'notice', message: text, evidence: text } as const;
  const judgement = {
    verdict: 'failed',
    reason: `r ${text}`,
    evidence: [text, `${text} twice ${text}`],
  } as const;
  const shown = JSON.stringify(masked({ ...judgement, gaps: [gap] }, ['other', SECRET]));
  expect(shown).not.toContain(JSON.stringify(text).slice(1, -1));
  expect(shown).toContain('***');
});

test('a secret that is part of another one leaves nothing of the longer one', () =>
  expect(masked({ verdict: 'failed', reason: 'abcd-long', evidence: [] }, ['abcd', 'abcd-long']).reason).toBe(
    '***',
  ));
