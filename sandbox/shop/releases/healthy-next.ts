import { base, type Release } from '../release.ts';

/** The next good release: nothing that a customer would notice has changed. */
export const release: Release = { ...base };
