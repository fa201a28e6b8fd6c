import type { Entry } from '../drill/journal.ts';
import type { Drill } from '../ports.ts';
import { elapsed } from './duration.ts';
import { expectationOf, type Note, noteOf, timeIn } from './journal-notes.ts';
import { type Output, type Paint, padded, paintOn } from './text.ts';
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
      for (const entry of drill.journal.filter(({ key }) => !printed.has(key))) {
        printed.add(entry.key);
        last = Math.max(last, Math.min(Date.parse(timeIn(entry) ?? '') || now, now));
        if (entry.kind === 'step') state = entry.name;
        const note = noteFor(entry, drill, tell);
        if (note) out.write(line(paint, last - startedAt, state || 'LoadPlan', note));
      }
    },
    end() {},
  };
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
