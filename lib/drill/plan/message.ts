import { nearest } from './nearest.ts';

const MOST_SHOWN = 60;

/** What must be, what was received, what to do: the three parts of every message about a plan. */
export function wrong(allowed: string, value: unknown, remedy = ''): string {
  return `must be ${allowed}; received ${received(value)}.${remedy && ` ${remedy}`}`;
}

/** The same for what may be secret: its length tells enough. */
export function wrongSecret(allowed: string, value: string): string {
  return `must be ${allowed}; received ${value.length} characters that are not shown, as they may be secret.`;
}

/** A value in words, short enough for one line. */
function received(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'string') return JSON.stringify(shortened(value));
  return typeof value === 'number' ? `the number ${value}` : String(value);
}

/** `a, b or c` */
export function anyOf(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** `Did you mean "x"?`, or nothing when no word is near. */
export function didYouMean(text: string, words: readonly string[]): string {
  const word = nearest(text, words);
  return word === undefined ? '' : `Did you mean "${word}"?`;
}

/** Parts of a message, one space apart; empty parts vanish. */
export function sentences(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}

export function shortened(text: string, most: number = MOST_SHOWN): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}
