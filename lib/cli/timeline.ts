import type { Drill } from '../ports/drills.ts';
import type { Output } from '../report/text.ts';
import { liveTimeline } from './timeline-live.ts';
import { plainTimeline } from './timeline-plain.ts';

/** Tells how a drill goes while it goes. */
export interface Timeline {
  /** Takes the newest view of the drill, as often as one likes; `now` in epoch milliseconds. */
  show(drill: Drill, now: number): void;
  /** Leaves the output as a following text wants it. */
  end(): void;
}

/** In place on a terminal; anywhere else, and where no colours or no person are, one line for each thing that happens. */
export function timeline(out: Output, startedAt: number): Timeline {
  return isLive(out, process.env) ? liveTimeline(out, startedAt) : plainTimeline(out, startedAt);
}

function isLive(out: Output, { NO_COLOR, CI, TERM }: NodeJS.ProcessEnv): boolean {
  return out.isTTY === true && out.columns !== 0 && !NO_COLOR && !CI && TERM !== 'dumb';
}
