import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../ports/clock.ts';

export const systemClock: Clock = {
  now: Date.now,
  async sleep(ms, signal) {
    await setTimeout(Math.max(0, ms), undefined, signal ? { signal } : {}).catch((error: Error) => {
      if (error.name !== 'AbortError') throw error;
    });
  },
};
