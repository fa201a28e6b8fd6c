import { expect, test } from 'vitest';
import { judgeSessions, type SessionsSeen } from '../../../../lib/drill/validations/sessions.ts';
import { failed, unknown } from '../../../../lib/drill/validations/trouble.ts';

const works = { told: '200 in 5 ms', trouble: null };
const refused = { told: '401 in 2 ms', trouble: failed('status 401, allowed 200') };
const unasked = { told: null, trouble: unknown('not sent, as all of the 1000 ms were over') };
const all: SessionsSeen = { ageMs: 252_400, old: works, login: works, fresh: works };

test.each<[title: string, seen: SessionsSeen, verdict: string, reason: string]>([
  [
    'the old session is refused',
    { ...all, old: refused },
    'failed',
    '1 of 2 sessions work; the session from before the drill (252 s old) no longer works: status 401, allowed 200; the session of a new login works: 200 in 5 ms',
  ],
  [
    'nobody can log in',
    { ...all, login: refused, fresh: null },
    'failed',
    '1 of 2 sessions work; the session from before the drill (252 s old) works: 200 in 5 ms; a new login is not possible: status 401, allowed 200',
  ],
  [
    'a new session is refused',
    { ...all, fresh: refused },
    'failed',
    '1 of 2 sessions work; the session from before the drill (252 s old) works: 200 in 5 ms; the session of a new login does not work: status 401, allowed 200',
  ],
  [
    'the old session could not be tried',
    { ...all, old: unasked },
    'unknown',
    '1 of 2 sessions work; the session from before the drill (252 s old) could not be tried: not sent, as all of the 1000 ms were over; the session of a new login works: 200 in 5 ms',
  ],
  [
    'both work',
    all,
    'passed',
    '2 of 2 sessions work; the session from before the drill (252 s old) works: 200 in 5 ms; the session of a new login works: 200 in 5 ms',
  ],
])('%s', (_, seen, verdict, reason) => expect(judgeSessions(seen)).toMatchObject({ verdict, reason }));

test('a login whose session nobody probed is not passed', () =>
  expect(judgeSessions({ ...all, fresh: null }).verdict).toBe('unknown'));
