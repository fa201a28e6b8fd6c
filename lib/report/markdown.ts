import type { DrillRecord } from '../drill/record.ts';
import type { Receipt } from '../drill/seal.ts';
import { type Block, isEmpty, type Line, type Span, spansOf } from './page.ts';
import { receiptPage } from './receipt-page.ts';
import { safe } from './text.ts';

/** A receipt as a page that is filed beside the code. */
export function markdown(record: Receipt | DrillRecord): string {
  const blocks = receiptPage(record).filter((block) => !isEmpty(block));
  return `${blocks.map(written).join('\n\n')}\n`;
}

function written(block: Block): string {
  switch (block.kind) {
    case 'title':
      return `# ${line(block.text)}`;
    case 'section':
      return `## ${line(block.text)}`;
    case 'part':
      return `### ${line(block.text)}`;
    case 'paragraph':
      return line(block.text);
    case 'list':
      return block.items.map((item) => `- ${line(item)}`).join('\n');
    case 'tasks':
      return block.items.map((item) => `- [ ] ${line(item)}`).join('\n');
    case 'table':
      return table(block);
    default:
      return block satisfies never;
  }
}

function table({ head, rows }: Extract<Block, { kind: 'table' }>): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const body = rows.map((cells) => row(cells.map(cell)));
  return [row(head), row(head.map(() => '---')), ...body].join('\n');
}

/** A bar ends a cell even within code. */
function cell(text: Line): string {
  return spansOf(text)
    .map((part) => (isCode(part) ? span(part).replaceAll('|', '\\|') : span(part)))
    .join('');
}

/** What stands at the beginning of a line must not make it a list. */
function line(text: Line): string {
  const whole = spansOf(text).map(span).join('');
  return whole.replace(
    /^(\s*)(?:([-+=])|(\d{1,9})(?=[.)](?:\s|$)))/,
    (_, space: string, mark?: string, number = '') =>
      mark === undefined ? `${space}${number}\\` : `${space}\\${mark}`,
  );
}

function isCode(part: Span): boolean {
  return typeof part !== 'string' && part.kind === 'code';
}

function span(part: Span): string {
  if (typeof part === 'string') return escaped(part);
  return part.kind === 'code' ? code(part.text) : strong(part.text);
}

/** Text that shows as itself: no markup, no HTML, no link that others could smuggle in. */
function escaped(text: string): string {
  return spaced(text, safe(text))
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_[\]#|~$!]/g, '\\$&')
    .replaceAll('://', ':\\//')
    .replaceAll(/\bwww\./gi, (found) => `${found.slice(0, -1)}\\.`);
}

/** Between two spans a space counts. */
function spaced(text: string, trimmed: string): string {
  if (text === ' ') return text;
  return `${/^ \S/.test(text) ? ' ' : ''}${trimmed}${/\S $/.test(text) ? ' ' : ''}`;
}

/** Around nothing, the marks of strong text would be a rule. */
function strong(text: string): string {
  const inner = escaped(text).trim();
  return inner === '' ? '' : `**${inner}**`;
}

/** Within a code span only its own end could break out; around nothing, the marks would begin another one. */
function code(text: string): string {
  return `\`${safe(text, 2_000).replaceAll('`', "'") || ' '}\``;
}
