import { stripVTControlCharacters, styleText } from 'node:util';

/** Where text goes: a terminal, a pipe or a file. */
export type Output = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

export type Paint = (format: Parameters<typeof styleText>[0], text: string) => string;

const MOST_CHARACTERS = 400;
const MOST_MARKS_ON_A_CHARACTER = 3;

/**
 * Text that others wrote (plans, targets, people), on one line and without anything that moves a cursor, turns the reading
 * direction or cannot be seen. At most `most` characters.
 */
export function safe(text: string, most: number = MOST_CHARACTERS): string {
  const bounded = text.slice(0, 16 * most);
  const plain = stripVTControlCharacters(bounded)
    .toWellFormed()
    .replaceAll(/[\s\p{Z}\u0085]+/gu, ' ')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cn}\p{Co}]/gu, '')
    .replaceAll(/(\p{M}+)/gu, (marks) => [...marks].slice(0, MOST_MARKS_ON_A_CHARACTER).join(''))
    .trim();
  const characters = [...plain];
  return characters.length > most || bounded.length < text.length
    ? `${characters.slice(0, most - 1).join('')}…`
    : plain;
}

/** Colours where the stream can show them and nobody has asked for none. */
export function paintOn(out: Output): Paint {
  return (format, text) => styleText(format, text, { stream: out });
}

/** Columns that a text takes on a terminal; colours take none. */
export function widthOf(text: string): number {
  return [...stripVTControlCharacters(text)].reduce(
    (columns, character) => columns + columnsOf(character),
    0,
  );
}

/** At most so many columns of a text without colours; what is left out shows as `…`. */
export function fitted(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let fits = '';
  let left = columns - 1;
  for (const character of text) {
    left -= columnsOf(character);
    if (left < 0) break;
    fits += character;
  }
  return columns < 1 ? '' : `${fits}…`;
}

/** Filled up with spaces behind. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - widthOf(text)));
}

/** Lines of at most so many columns, broken between words where there are any. Never empty. */
export function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((long) => pieces(long, columns))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer) <= columns) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

function pieces(word: string, columns: number): readonly string[] {
  if (widthOf(word) <= columns) return [word];
  const found: string[] = [''];
  for (const character of word) {
    const last = found.length - 1;
    if (widthOf(found[last] + character) > columns) found.push(character);
    else found[last] += character;
  }
  return found;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;

function columnsOf(character: string): 0 | 1 | 2 {
  if (/\p{M}/u.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
