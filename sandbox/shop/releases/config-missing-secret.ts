import { bad, type Release } from '../release.ts';

const SECRET = 'PAYMENT_KEY';

/** Bad: needs a secret that its task definition does not give it. It listens, but never passes a health check, so it never serves. */
export const release: Release = {
  ...bad,
  lacks: () => (process.env[SECRET] ? undefined : SECRET),
};
