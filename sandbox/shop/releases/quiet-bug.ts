import { bad, type Release } from '../release.ts';

/** Bad: forgets the tax. Every status code is fine, so nothing that watches status codes notices. */
export const release: Release = {
  ...bad,
  totalCents: (item, quantity) => item.priceCents * quantity,
};
