import type { Outcome } from '../drill/outcome.ts';
import type { DrillRecord } from '../drill/record.ts';
import type { Receipt } from '../drill/seal.ts';
import { type Output, safe } from '../report/text.ts';
import { hanging, type Page, type Part, pageOn, titled } from './page.ts';
import {
  byHand,
  commands,
  detection,
  figures,
  gaps,
  marks,
  paths,
  people,
  proof,
  releases,
  sideEffects,
  triggers,
  validations,
} from './receipt-parts.ts';

/** What came of a drill, to be read by a person; without a line break at its end. */
export function summary(
  record: Receipt | DrillRecord,
  out: Output,
  recentCallsMs: readonly number[] = [],
): string {
  const page = pageOn(out);
  const parts =
    record.number === null ? refusalParts(record, page) : receiptParts(record, page, recentCallsMs);
  return parts
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n');
}

function refusalParts(record: DrillRecord, page: Page): readonly Part[] {
  const refused = record.guardrails.filter(({ verdict }) => verdict === 'refused').map(({ name }) => name);
  const passed = record.guardrails.filter(({ verdict }) => verdict === 'passed').map(({ name }) => name);
  const { paint } = page;
  return [
    [badge(record.outcome, safe(record.target), page)],
    record.reasons.flatMap((reason) => hanging(`  ${paint('red', '✗')} `, safe(reason, 1_000), page)),
    [
      ...(refused.length > 0 ? hanging('  refused  ', safe(refused.join(', ')), page) : []),
      ...(passed.length > 0 ? hanging('  passed   ', safe(passed.join(', ')), page, { format: 'dim' }) : []),
    ],
    titled('People', people(record, page), page),
    [
      '  Nothing was touched: this drill has no number and no receipt.',
      paint(
        'dim',
        `  ${safe(record.id)}, plan ${safe(record.plan.name)}, started by ${safe(record.startedBy)}`,
      ),
    ],
  ];
}

function receiptParts(receipt: Receipt, page: Page, recentCallsMs: readonly number[]): readonly Part[] {
  const name = `${safe(receipt.target)}#${String(receipt.number).padStart(3, '0')}`;
  return [
    [
      badge(receipt.outcome, name, page),
      ...receipt.reasons.flatMap((reason) => hanging('  ', safe(reason), page)),
    ],
    titled('Timeline (UTC)', marks(receipt, page), page),
    titled('Trigger', triggers(receipt, page), page),
    titled('Detection: would each trigger have fired, and in time?', detection(receipt, page), page),
    titled('Measured', figures(receipt, page, recentCallsMs), page),
    titled('Rollback path', paths(receipt, page), page),
    titled('Validations', validations(receipt, page), page),
    titled('Gaps that the drill surfaced', gaps(receipt, page), page),
    titled('People', people(receipt, page), page),
    titled('Commands', commands(receipt), page),
    titled('By hand: the ways back as they were found before the drill', byHand(receipt), page),
    titled('Owed: what a rollback cannot undo', sideEffects(receipt, page), page),
    titled('Releases', releases(receipt, page), page),
    titled('Receipt', proof(receipt, page), page),
  ];
}

const COLOURS = {
  passed: 'bgGreen',
  rescued: 'bgYellow',
  inconclusive: 'bgYellow',
  aborted: 'bgYellow',
  compromised: 'bgYellow',
  refused: 'bgBlue',
  failed: 'bgRed',
  'not-restored': 'bgRed',
} as const satisfies Record<Outcome, string>;

function badge(outcome: Outcome, name: string, { paint }: Page): string {
  return `${paint(['bold', 'black', COLOURS[outcome]], ` ${outcome.toUpperCase()} `)} ${paint('bold', name)}`;
}
