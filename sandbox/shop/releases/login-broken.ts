import { bad, type Release } from '../release.ts';

/** Bad: lets nobody in. Who is logged in already can buy, and a 401 is no server error, so only the log-ins show it. */
export const release: Release = { ...bad, admits: () => false };
