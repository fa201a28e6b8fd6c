import * as v from 'valibot';
import { closed, exactlyOneOf, whole } from '../fields.ts';
import { headerName, jsonPath } from '../http.ts';
import { common } from './every-kind.ts';

/** No task and no answer is of another release than the last healthy one. */
export function versionUniformity() {
  return closed({
    ...common('version-uniformity'),
    samples: v.optional(
      v.pipe(
        whole(3, 500),
        v.description('how often the smoke request is sent, each time over a new connection'),
      ),
      20,
    ),
    instance: v.exactOptional(
      v.pipe(
        exactlyOneOf({ header: headerName(), json: jsonPath() }),
        v.description('where the answer tells which task gave it; that of the smoke probe when left out'),
      ),
    ),
  });
}
