import { base, type Release } from '../release.ts';

/** Bad: ends before it listens. */
export const release: Release = {
  ...base,
  boot() {
    throw new Error('Cannot start: the setting PAYMENT_GATEWAY is missing.');
  },
};
