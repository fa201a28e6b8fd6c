import { Stack } from 'aws-cdk-lib';
import { allow, type Grant, type Surroundings } from './grant.ts';

/** Of the distributions that plans name; a cache that is told by HTTP needs no permission. */
export function purgeCaches({ scope, plans }: Surroundings): Grant {
  const distributions = plans.flatMap(({ validations }) =>
    validations.flatMap((validation) =>
      validation.kind === 'cache-purge' && validation.cache.kind === 'cloud-front'
        ? [validation.cache.distribution]
        : [],
    ),
  );
  const arns = [...new Set(distributions)].map((resourceName) =>
    Stack.of(scope).formatArn({ service: 'cloudfront', region: '', resource: 'distribution', resourceName }),
  );
  return { statements: allow(['cloudfront:CreateInvalidation'], arns), environment: {} };
}
