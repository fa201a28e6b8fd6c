import { bad, type Release } from '../release.ts';

/** Bad: cuts every connection in place of an answer. Only the health check is answered, so ECS thinks that all is well. */
export const release: Release = { ...bad, drops: (path) => path !== '/health' };
