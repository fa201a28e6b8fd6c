/** Runs so many at once; the others wait for their turn. */
export interface Turns {
  /** Answers `undefined`, and has run nothing, when too many are waiting already or the turn did not come in time. */
  take<T>(run: () => Promise<T>): Promise<T | undefined>;
}

interface TurnsOptions {
  readonly atOnce: number;
  readonly mostWaiting: number;
  readonly waitLimitMs: number;
}

export function turns({ atOnce, mostWaiting, waitLimitMs }: TurnsOptions): Turns {
  const waiting = new Set<() => void>();
  let running = 0;

  return {
    async take(run) {
      if (running < atOnce) running += 1;
      else if (!(await turn())) return undefined;
      try {
        return await run();
      } finally {
        handOn();
      }
    },
  };

  function turn(): Promise<boolean> {
    if (waiting.size >= mostWaiting) return Promise.resolve(false);
    return new Promise((resolve) => {
      const mine = (): void => {
        clearTimeout(limit);
        resolve(true);
      };
      const limit = setTimeout(() => {
        waiting.delete(mine);
        resolve(false);
      }, waitLimitMs);
      waiting.add(mine);
    });
  }

  /** Whoever has waited longest gets the place itself: nobody who comes just then takes it. */
  function handOn(): void {
    const [first] = waiting;
    if (!first) {
      running -= 1;
      return;
    }
    waiting.delete(first);
    first();
  }
}
