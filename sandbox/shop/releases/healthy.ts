import { base, type Release } from '../release.ts';

/** The release that works. */
export const release: Release = base;
