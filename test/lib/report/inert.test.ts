import { describe, expect, test } from 'vitest';
import type { DrillRecord } from '../../../lib/drill/record.ts';
import { recordFrom } from '../../../lib/drill/record.ts';
import type { Receipt } from '../../../lib/drill/seal.ts';
import { html } from '../../../lib/report/html.ts';
import { json } from '../../../lib/report/json.ts';
import { markdown } from '../../../lib/report/markdown.ts';
import { HARMLESS, HOSTILE, journalSaying, receiptSaying } from './fixtures/hostile.ts';

const MOST_CHARACTERS = 500_000;
const UNSEEN = new Set(['nothing to be seen', 'tags', 'nothing', 'a space']);
const TEXTS = Object.entries(HOSTILE);
const SEEN = TEXTS.filter(([name]) => !UNSEEN.has(name));

const DOCUMENTS: readonly (readonly [string, (text: string) => Receipt | DrillRecord])[] = [
  ['a receipt', receiptSaying],
  ['a record', (text) => recordFrom(journalSaying(text))],
];

describe.each(DOCUMENTS)('%s', (_, saying) => {
  test.each(TEXTS)('moves nothing and hides nothing as a page, whatever there is: %s', (_, text) => {
    for (const page of [markdown(saying(text)), html(saying(text))]) {
      expect(page.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
      expect(page.isWellFormed()).toBe(true);
      expect(page.length).toBeLessThan(MOST_CHARACTERS);
    }
  });

  test.each(SEEN)('has in Markdown the structure that it has without: %s', (_, text) => {
    expect(structure(markdown(saying(text)))).toEqual(structure(markdown(saying(HARMLESS))));
  });

  test('loads nothing, runs nothing and links to nothing as an HTML page', () => {
    const page = html(saying(HARMLESS));
    const names = new Set(elements(page).map((element) => /[a-z][a-z0-9]*/.exec(element)?.[0]));
    for (const active of ['script', 'img', 'a', 'link', 'iframe', 'object', 'form', 'base', 'svg'])
      expect(names).not.toContain(active);
    expect(page).not.toMatch(/ on[a-z]+=|\b(?:src|href|style|action|http-equiv)=|url\(|@import/);
  });

  test.each(SEEN)('has in HTML the elements that it has without: %s', (_, text) => {
    const page = html(saying(text));
    expect(elements(page)).toEqual(elements(html(saying(HARMLESS))));
    expect(page.replaceAll(/<[^<>]*>/g, '')).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
  });

  test.each([...UNSEEN])('turns into no rule and no code in Markdown: %s', (name) => {
    const page = markdown(saying(HOSTILE[name] ?? ''));
    expect(page).not.toMatch(/``|\*\*\*|^\s*([-*_] *){3,}$|^ {4}/m);
    expect(page.split('\n').length).toBeLessThanOrEqual(markdown(saying(HARMLESS)).split('\n').length);
  });

  test.each(TEXTS.filter(([name]) => name !== 'a megabyte'))(
    'says in JSON what it says, and a terminal acts on nothing: %s',
    (_, text) => {
      const written = json(saying(text));
      expect(written.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
      expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(saying(text))));
    },
  );
});

/** What Markdown reads as more than text, line by line; what is escaped or within code is no more than text. */
function structure(page: string): readonly string[] {
  return page.split('\n').map((line) => {
    const plain = line.replaceAll(/\\[!-/:-@[-`{-~]|(`)[^`]*`|&(?:amp|lt|gt);/g, (_, code = '') => code);
    const special = /^\s*(?:[-+=]|\d+[.)])|^ {4}|[`*_[\]#|~$<>!\\]|:\/\/|\bwww\./gi;
    return (plain.match(special) ?? []).join(' ');
  });
}

function elements(page: string): readonly string[] {
  return page.match(/<[^<>]*>/g) ?? [];
}
