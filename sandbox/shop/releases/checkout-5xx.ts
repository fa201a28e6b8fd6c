import { bad, type Release } from '../release.ts';

/** Bad: no order can be placed. The health check knows nothing of it, so ECS thinks that all is well. */
export const release: Release = {
  ...bad,
  totalCents() {
    throw new Error('The price service refused the request: unknown field "amount_minor".');
  },
};
