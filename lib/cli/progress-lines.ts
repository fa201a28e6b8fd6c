import { MARKS } from '../drill/clock.ts';
import { elapsed } from '../report/duration.ts';
import { type Output, padded, paintOn, safe } from '../report/text.ts';
import type { DrillNow } from '../steps/answers/drill.ts';
import { STATE_COLUMNS } from './timeline-style.ts';

/** Tells how a drill goes that is seen from afar: its states, its marks, and what people are asked for. */
export interface ProgressLines {
  /** Takes the newest view of the drill, as often as one likes; `now` in epoch milliseconds. */
  show(drill: DrillNow, now: number): void;
}

export function progressLines(out: Output, startedAt: number): ProgressLines {
  const paint = paintOn(out);
  const told = new Set<string>();
  let state = '';
  return {
    show(drill, now) {
      state = drill.state ?? (state || 'LoadPlan');
      for (const text of textsOf(drill, startedAt)) {
        if (told.has(text)) continue;
        told.add(text);
        const time = paint('dim', `[${elapsed(now - startedAt)}]`);
        out.write(`${time} ${padded(safe(state), STATE_COLUMNS)}  ${safe(text, 500)}\n`);
      }
    },
  };
}

function textsOf({ number, state, marks, asked, outcome }: DrillNow, startedAt: number): readonly string[] {
  const at = (time: string): string => elapsed(Date.parse(time) - startedAt).trim();
  const { approval, decision } = asked;
  return [
    ...(state === null ? [] : [`in ${state}`]),
    ...(number === null ? [] : [`from here on this is drill ${String(number).padStart(3, '0')}`]),
    ...MARKS.flatMap((mark) => (marks[mark] ? [`${mark} at ${at(marks[mark])}`] : [])),
    ...(approval
      ? [
          `asks ${approval.people === 1 ? '1 person' : `${approval.people} people`} to approve until ${approval.until}`,
        ]
      : []),
    ...(decision ? [`asks whether to roll back until ${decision.until}, then rolls back`] : []),
    ...(outcome === null ? [] : [outcome]),
  ];
}
