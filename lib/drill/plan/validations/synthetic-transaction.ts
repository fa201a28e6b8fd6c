import * as v from 'valibot';
import { closed, listOf, section } from '../fields.ts';
import { name } from '../words.ts';
import { common } from './every-kind.ts';
import { asked, captures, secrets } from './request.ts';

/** One user's way through the critical path. */
export function syntheticTransaction() {
  return closed({
    ...common('synthetic-transaction'),
    ...secrets(),
    steps: v.pipe(
      listOf(step(), { least: 1, most: 30, what: 'steps' }),
      v.description('the requests of one user, one after the other'),
    ),
    tidyUp: v.optional(
      v.pipe(
        listOf(step(), { least: 0, most: 10, what: 'steps' }),
        v.description(
          'requests that always follow, also after a failure: a quarter of the timeout is theirs',
        ),
      ),
      [],
    ),
  });
}

function step() {
  return section({
    name: v.pipe(name(), v.description('the name of the step, unique in its validation')),
    ...asked(),
    capture: v.optional(
      v.pipe(captures(), v.description('values of the answer that later steps use as {{name}}')),
      {},
    ),
  });
}
