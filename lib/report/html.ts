import type { DrillRecord } from '../drill/record.ts';
import type { Receipt } from '../drill/seal.ts';
import { type Block, isEmpty, type Line, type Span, spansOf } from './page.ts';
import { receiptPage } from './receipt-page.ts';
import { safe } from './text.ts';

/** A receipt as one HTML document that loads nothing, runs nothing and links to nothing. */
export function html(record: Receipt | DrillRecord): string {
  const blocks = receiptPage(record).filter((block) => !isEmpty(block));
  const title = blocks.find(({ kind }) => kind === 'title');
  const name = title?.kind === 'title' ? text(spansOf(title.text).map(plain).join('')) : '';
  return [
    '<!doctype html>',
    '<html lang="en">',
    `<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${name}</title>`,
    `<style>${STYLE}</style></head>`,
    '<body><main>',
    ...blocks.map(written),
    '</main></body>',
    '</html>',
    '',
  ].join('\n');
}

const STYLE = [
  ':root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}',
  'main{max-width:64rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere;overflow-x:auto}',
  'table{border-collapse:collapse;width:100%}',
  'th,td{text-align:start;vertical-align:top;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #8884}',
  // Words that may break anywhere would otherwise leave a narrow column one letter wide.
  'th,td{min-width:5rem}td:first-child{min-width:11rem}',
  'h2{margin-top:2.5rem}ul{padding-inline-start:1.25rem}li{margin:.25rem 0}',
  'code{font:.9em ui-monospace,monospace;white-space:pre-wrap}',
].join('');

function written(block: Block): string {
  switch (block.kind) {
    case 'title':
      return element('h1', line(block.text));
    case 'section':
      return element('h2', line(block.text));
    case 'part':
      return element('h3', line(block.text));
    case 'paragraph':
      return element('p', line(block.text));
    case 'list':
      return `<ul>${block.items.map((item) => element('li', line(item))).join('')}</ul>`;
    case 'tasks':
      return `<ul>${block.items.map((item) => element('li', `☐ ${line(item)}`)).join('')}</ul>`;
    case 'table':
      return table(block);
    default:
      return block satisfies never;
  }
}

function table({ head, rows }: Extract<Block, { kind: 'table' }>): string {
  const row = (name: 'th' | 'td', cells: readonly string[]) =>
    `<tr>${cells.map((cell) => element(name, cell)).join('')}</tr>`;
  const body = rows.map((cells) => row('td', cells.map(line))).join('');
  return `<table><thead>${row(
    'th',
    head.map((cell) => text(cell)),
  )}</thead><tbody>${body}</tbody></table>`;
}

/** Each stands for itself also in its reading direction. */
function element(name: string, content: string): string {
  return `<${name} dir="auto">${content}</${name}>`;
}

function line(whole: Line): string {
  return spansOf(whole).map(span).join('');
}

function span(part: Span): string {
  if (typeof part === 'string') return text(part);
  const name = part.kind === 'code' ? 'code' : 'strong';
  return `<${name}><bdi>${text(part.text, part.kind === 'code' ? 2_000 : undefined)}</bdi></${name}>`;
}

function plain(part: Span): string {
  return typeof part === 'string' ? part : part.text;
}

const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function text(others: string, mostCharacters?: number): string {
  const shown = safe(others, mostCharacters).replaceAll(/[&<>"']/g, (found) => REFERENCES[found] ?? '');
  return `${others.startsWith(' ') ? ' ' : ''}${shown}${others.endsWith(' ') ? ' ' : ''}`;
}
