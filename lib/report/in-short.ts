import type { Receipt } from '../drill/seal.ts';
import { duration } from './duration.ts';
import { type Block, code, type Line } from './page.ts';

/** What whoever files the page looks for first: total time, path, commands, gaps, what is owed. */
export function inShort(receipt: Receipt): Block {
  const { figures, unknown, path, commands, gaps } = receipt;
  const { rehearsalTimerMs } = figures;
  const rows: readonly (readonly Line[])[] = [
    [
      'total time',
      rehearsalTimerMs === null
        ? `unknown: ${unknown.rehearsalTimerMs ?? 'no reason is given'}`
        : `${duration(rehearsalTimerMs)}, from trigger to restored`,
    ],
    ['path taken', path.used === null ? 'none restored the target' : [code(path.used)]],
    ['commands run', commands.length === 0 ? 'none' : String(commands.length)],
    ['gaps', countsOf(gaps)],
    ['compensations owed', owed(receipt)],
  ];
  return { kind: 'table', head: ['', ''], rows };
}

function countsOf(gaps: Receipt['gaps']): string {
  const severities = ['serious', 'warning', 'notice'] as const;
  const counts = severities.map(
    (severity) => [severity, gaps.filter((gap) => gap.severity === severity).length] as const,
  );
  const found = counts.filter(([, count]) => count > 0).map(([severity, count]) => `${count} ${severity}`);
  return found.length === 0 ? 'none' : found.join(', ');
}

/** Receipts of earlier versions count nothing: then everything is owed. */
function owed({ sideEffects }: Receipt): string {
  const due = sideEffects.filter((sideEffect) => sideEffect.owed !== null);
  const unknown = due.filter(({ happened }) => happened === null || happened === undefined);
  if (due.length === 0) return 'none';
  const uncounted = unknown.length === 0 ? '' : `, ${unknown.length} of them not counted`;
  return `${due.length} of ${sideEffects.length}${uncounted}`;
}
