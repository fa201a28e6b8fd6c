import { createRequire, syncBuiltinESMExports } from 'node:module';

export interface Chance {
  /** Starts the same sequence anew, with ids that nobody has met: what the product remembers of one account is of no other. */
  reset(): void;
}

/** Random numbers and ids of this process follow one sequence, so that a case can be repeated. */
export function simulateChance(): Chance {
  let [state, ids, resets] = [1, 0, 0];
  Math.random = () => {
    // Mulberry32: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const randomUUID = (): string => {
    ids += 1;
    const account = (resets % 0x1_0000_0000).toString(16).padStart(8, '0');
    return `${account}-0000-4000-8000-${ids.toString(16).padStart(12, '0')}`;
  };
  Object.assign(globalThis.crypto, { randomUUID });
  Object.assign(createRequire(import.meta.url)('node:crypto'), { randomUUID });
  syncBuiltinESMExports();
  return {
    reset() {
      [state, ids, resets] = [1, 0, resets + 1];
    },
  };
}
