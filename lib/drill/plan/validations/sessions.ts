import * as v from 'valibot';
import { closed, section } from '../fields.ts';
import { common } from './every-kind.ts';
import { asked, captures, secrets } from './request.ts';

/** Sessions of users who logged in before the drill. */
export function sessions() {
  return closed({
    ...common('sessions'),
    ...secrets(),
    login: v.pipe(
      section({
        ...asked(),
        capture: v.pipe(
          captures(1),
          v.description('what the session is, like {token: {json: $.token}}; the probe uses it as {{token}}'),
        ),
      }),
      v.description('the request that begins a session; it is sent before the drill and once more after it'),
    ),
    probe: v.pipe(
      section(asked()),
      v.description('a request that only works with a session, which it gets from {{…}} alone'),
    ),
  });
}
