/* A page for people, whatever it is written in. Its texts are those of others: whoever renders it makes them inert. */

export type Block =
  | { readonly kind: 'title'; readonly text: Line }
  | { readonly kind: 'section'; readonly text: Line }
  | { readonly kind: 'part'; readonly text: Line }
  | { readonly kind: 'paragraph'; readonly text: Line }
  | { readonly kind: 'list'; readonly items: readonly Line[] }
  /** Things to do, with a box to tick. */
  | { readonly kind: 'tasks'; readonly items: readonly Line[] }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly Line[])[] };

/** Text in a row, plain unless it says otherwise. */
export type Line = string | readonly Span[];

export type Span = string | { readonly kind: 'strong' | 'code'; readonly text: string };

export type Page = readonly Block[];

export function code(text: string): Span {
  return { kind: 'code', text };
}

export function strong(text: string): Span {
  return { kind: 'strong', text };
}

export function spansOf(line: Line): readonly Span[] {
  return typeof line === 'string' ? [line] : line;
}

/** A title with what is below it; nothing at all where nothing is. */
export function section(text: string, ...below: Page): Page {
  const blocks = below.filter((block) => !isEmpty(block));
  return blocks.length === 0 ? [] : [{ kind: 'section', text }, ...blocks];
}

export function isEmpty(block: Block): boolean {
  if (block.kind === 'list' || block.kind === 'tasks') return block.items.length === 0;
  return block.kind === 'table' ? block.rows.length === 0 : block.text.length === 0;
}
