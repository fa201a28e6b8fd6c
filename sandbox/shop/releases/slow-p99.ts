import { bad, type Release } from '../release.ts';

const SLOW_EVERY = 6;
const SLOW_MS = 1_200;
/** Tasks that are asked by turns would otherwise all be slow at the same time. */
let asked = process.pid % SLOW_EVERY;

/** Bad: every sixth answer comes 1.2 s later. No status code shows it, and half of all answers are as quick as ever. */
export const release: Release = {
  ...bad,
  delayMs(path) {
    if (path === '/health') return 0;
    asked += 1;
    return asked % SLOW_EVERY === 0 ? SLOW_MS : 0;
  },
};
