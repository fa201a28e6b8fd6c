import { bad, type Release } from '../release.ts';

const SERVES_MS = 5_000;
let isAsked = false;

/**
 * Bad: five seconds after the first user came, nobody listens on its port any more. The process lives on, so only the
 * load balancer's health check notices; until it does, users get 502.
 */
export const release: Release = {
  ...bad,
  asked(path, server) {
    if (isAsked || path === '/health') return;
    isAsked = true;
    setTimeout(() => server.close().closeAllConnections(), SERVES_MS);
  },
};
