import { type Output, type Paint, paintOn, widthOf, wrapped } from '../report/text.ts';

const NARROWEST = 72;
const WIDEST = 100;
const NARROWEST_TEXT = 20;

/** Where a text is laid out for reading: as wide as the terminal, but never so wide that the eye loses the line. */
export interface Page {
  readonly paint: Paint;
  readonly columns: number;
}

export type Part = readonly string[];

interface Layout {
  /** Column at which further lines begin; without it, below the text. */
  readonly indent?: number;
  readonly format?: Parameters<Paint>[0];
}

export function pageOn(out: Output): Page {
  return { paint: paintOn(out), columns: Math.min(WIDEST, Math.max(NARROWEST, out.columns ?? WIDEST)) };
}

/** Nothing at all when there is nothing below the title. */
export function titled(title: string, lines: Part, { paint }: Page): Part {
  return lines.length === 0 ? [] : [paint('bold', title), ...lines];
}

/** A text behind its lead, wrapped. */
export function hanging(lead: string, text: string, { columns, paint }: Page, layout: Layout = {}): Part {
  const { indent = widthOf(lead), format = 'none' } = layout;
  const room = Math.max(NARROWEST_TEXT, columns - widthOf(lead));
  const [first = ''] = wrapped(text, room);
  const rest = text.slice(first.length).trimStart();
  const more = rest === '' ? [] : wrapped(rest, Math.max(NARROWEST_TEXT, columns - indent));
  return [`${lead}${paint(format, first)}`, ...more.map((line) => ' '.repeat(indent) + paint(format, line))];
}
