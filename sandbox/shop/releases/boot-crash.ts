import { bad, type Release } from '../release.ts';

/** Bad: ends before it listens. */
export const release: Release = {
  ...bad,
  boot() {
    throw new Error('Cannot start: the setting PAYMENT_GATEWAY is missing.');
  },
};
