import * as v from 'valibot';
import { closed, listOf, section, whole } from '../fields.ts';
import { duration, name } from '../words.ts';
import { common } from './every-kind.ts';
import { asked, secrets } from './request.ts';

/** Service endpoints that must be healthy several times running. */
export function endpointHealth() {
  return closed({
    ...common('endpoint-health'),
    ...secrets(),
    endpoints: v.pipe(
      listOf(endpoint(), { least: 1, most: 50, what: 'endpoints' }),
      v.description('the endpoints, each with what its answer must be'),
    ),
    attempts: v.optional(
      v.pipe(whole(1, 20), v.description('how many times running each endpoint must be healthy')),
      3,
    ),
    interval: v.optional(
      v.pipe(duration('50ms', '10s'), v.description('the time from one attempt to the next')),
      '500ms',
    ),
  });
}

function endpoint() {
  return section({
    name: v.pipe(name(), v.description('the name of the endpoint, unique in its validation')),
    ...asked(),
  });
}
