import type { Drill } from '../ports/drills.ts';
import { type Output, paintOn } from '../report/text.ts';
import type { Timeline } from './timeline.ts';
import { liveLines } from './timeline-rows.ts';

const DRAW_EVERY_MS = 100;
const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';
/** A row that is wider than the terminal after all must not become two. */
const NO_WRAP = '\x1b[?7l';
const WRAP = '\x1b[?7h';
/** Terminals that know it show the frame at once; others ignore it. */
const BEGIN_FRAME = '\x1b[?2026h';
const END_FRAME = '\x1b[?2026l';

/** Draws the drill in place, at most ten times a second, never higher than the terminal. */
export function liveTimeline(out: Output, startedAt: number): Timeline {
  const paint = paintOn(out);
  let newest: { drill: Drill; now: number } | undefined;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let height = 0;
  const restore = () => void out.write(`${END_FRAME}${WRAP}${SHOW_CURSOR}`);

  const draw = (mostRows: number) => {
    if (!newest) return;
    if (drawnAt === Number.NEGATIVE_INFINITY) process.once('exit', restore);
    drawnAt = newest.now;
    const lines = liveLines(newest.drill, {
      ...newest,
      startedAt,
      columns: out.columns ?? 80,
      mostRows,
      paint,
    });
    const body = lines.map((line) => `${line}\x1b[K\n`).join('');
    out.write(`${BEGIN_FRAME}${HIDE_CURSOR}${NO_WRAP}${up(height)}${body}\x1b[J${WRAP}${END_FRAME}`);
    height = lines.length;
  };

  return {
    show(drill, now) {
      newest = { drill, now };
      if (now - drawnAt >= DRAW_EVERY_MS) draw(Math.max(2, (out.rows ?? 24) - 1));
    },
    end() {
      // The last picture stays in the scrollback, so it may be as high as it wants.
      draw(Number.POSITIVE_INFINITY);
      if (newest) {
        restore();
        out.write('\n');
      }
      process.removeListener('exit', restore);
      newest = undefined;
    },
  };
}

function up(rows: number): string {
  return rows === 0 ? '\r' : `\r\x1b[${rows}A`;
}
