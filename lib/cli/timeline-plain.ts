import type { Entry } from '../drill/entry.ts';
import { entriesOf } from '../drill/journal.ts';
import type { Drill } from '../ports/drills.ts';
import { elapsed } from '../report/duration.ts';
import { type Output, type Paint, padded, paintOn, safe } from '../report/text.ts';
import { expectationOf, type Note, noteOf, timeIn } from './journal-notes.ts';
import type { Timeline } from './timeline.ts';
import { STATE_COLUMNS, TONES } from './timeline-style.ts';

/**
 * One line for each thing that happens, once, in the order in which it became known: the times in front never run backwards.
 * A mark that was set for an earlier moment names that moment itself.
 */
export function plainTimeline(out: Output, startedAt: number): Timeline {
  const paint = paintOn(out);
  const printed = new Set<string>();
  let state = '';
  let last = Number.NEGATIVE_INFINITY;
  const tell = (iso: string) => elapsed(Date.parse(iso) - startedAt).trim();
  return {
    show(drill, now) {
      const fresh = drill.journal.filter(({ key }) => !printed.has(key));
      for (const [index, entry] of fresh.entries()) {
        printed.add(entry.key);
        last = Math.max(last, Math.min(Date.parse(timeIn(entry) ?? '') || now, now));
        if (entry.kind === 'step') state = entry.name;
        const note = isPassed(entry) ? passedUpTo(fresh, index) : noteFor(entry, drill, tell);
        if (note) out.write(line(paint, last - startedAt, state || 'LoadPlan', note));
      }
    },
    end() {
      if (printed.size > 0) out.write('\n');
    },
  };
}

/** Guardrails that passed together share a line, which stands where the last of them does. */
function passedUpTo(entries: readonly Entry[], index: number): Note | undefined {
  const next = entries[index + 1];
  if (next && isPassed(next)) return undefined;
  const others = entries.slice(0, index).findLastIndex((entry) => !isPassed(entry));
  const names = entriesOf(entries.slice(others + 1, index + 1), 'guardrail').map(({ name }) => name);
  return { tone: 'good', text: safe(`✓ ${names.join(', ')}`) };
}

function isPassed(entry: Entry): boolean {
  return entry.kind === 'guardrail' && entry.verdict === 'passed';
}

function noteFor(entry: Entry, { plan }: Drill, tell: (iso: string) => string): Note | undefined {
  if (entry.kind !== 'step') return noteOf(entry, tell);
  const again = entry.attempt > 1 ? `again, visit ${entry.attempt}` : undefined;
  const text = [again, expectationOf(entry.name, plan)].filter(Boolean).join(': ');
  return text === '' ? undefined : { tone: 'plain', text };
}

function line(paint: Paint, ms: number, state: string, { text, tone }: Note): string {
  return `${paint('dim', `[${elapsed(ms)}]`)} ${padded(state, STATE_COLUMNS)}  ${paint(TONES[tone], text)}\n`;
}
