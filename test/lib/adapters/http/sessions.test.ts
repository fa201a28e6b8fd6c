import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { sessions } from '../../../../lib/adapters/http/sessions.ts';
import { memorySecrets } from '../../../fixtures/memory/secrets.ts';
import { before as measured, validatedDrill } from '../../../fixtures/validated-drill.ts';
import { serve } from './servers.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

const { signal } = new AbortController();
const PASSWORD = 'l0ve lace';

/** A shop that forgets every session when it is told to. */
async function shop() {
  const tokens = new Set<string>();
  const users: string[] = [];
  const state = { isLoginOpen: true, forget: () => tokens.clear(), users, issued: 0 };
  const served = await serve(async (request, response) => {
    if (request.url === '/login') {
      const body = await text(request);
      state.users.push(body);
      state.issued += 1;
      const token = `t0ken-${state.issued}-of-ada`;
      if (state.isLoginOpen) tokens.add(token);
      response
        .writeHead(state.isLoginOpen ? 200 : 503, { 'set-cookie': `sid=${token}; Path=/` })
        .end(JSON.stringify({ token, name: 'ada' }));
    } else {
      const token = request.headers.authorization?.slice(7) ?? '';
      const isKnown = tokens.has(token) && request.headers.cookie === undefined;
      // It echoes what it was sent, as some errors do.
      response.writeHead(isKnown ? 200 : 302, { location: `https://${token}.example/` }).end();
    }
  });
  closing.push(served.close);
  return { ...state, state, url: served.url, requests: served.requests };
}

function checked(url: string, journal: Parameters<typeof validatedDrill>[2] = []) {
  const options = `timeout: 5s, secrets: { ada: { secretsManager: ada } },
    login: { method: POST, url: '${url}/login', form: { user: ada, password: '{{secret:ada}}' }, capture: { token: { json: $.token }, name: { json: $.name } } },
    probe: { url: '${url}/me', headers: { authorization: 'Bearer {{token}}' } }`;
  return validatedDrill('sessions', options, journal);
}

const clock = { now: () => Date.parse('2026-11-03T10:04:12Z') };
const kind = sessions({ clock, secrets: memorySecrets({ ada: PASSWORD }) });

describe('before the drill', () => {
  test('a login that does not work refuses, and tells no secret', async () => {
    const { url, state } = await shop();
    state.isLoginOpen = false;
    const { validation, drill } = checked(url);
    await expect(kind.before(validation, drill, signal)).rejects.toThrow(
      'the login does not work before the drill: status 503, allowed 200',
    );
  });

  test('a session that does not work refuses, and is not shown', async () => {
    const { url } = await shop();
    const { validation, drill } = checked(url);
    const other = { ...validation.probe, headers: { authorization: 'Basic {{token}}' } };
    const thrown = await kind.before({ ...validation, probe: other }, drill, signal).catch(String);
    expect(thrown).toContain('the probe with a new session does not work before the drill');
    const echoed = { ...validation.probe, headers: { authorization: 'Bearer {{token}}', cookie: 'a=1' } };
    const echo = await kind.before({ ...validation, probe: echoed }, drill, signal).catch(String);
    expect(echo).toContain('a redirect to ***.example');
    expect(echo).not.toContain('t0ken');
  });

  test('a secret that is missing refuses', async () => {
    const { url, requests } = await shop();
    const { validation, drill } = checked(url);
    const poor = sessions({ clock, secrets: memorySecrets({}) });
    await expect(poor.before(validation, drill, signal)).rejects.toThrow('the secret ada cannot be read');
    expect(requests).toEqual([]);
  });

  test('only what the probe needs is kept', async () => {
    const { url, users } = await shop();
    const { validation, drill } = checked(url);
    expect(await kind.before(validation, drill, signal)).toEqual({
      issuedAt: '2026-11-03T10:04:12.000Z',
      values: { token: 't0ken-1-of-ada' },
    });
    expect(users).toEqual(['user=ada&password=l0ve%20lace']);
  });
});

describe('after the rollback', () => {
  test('without a session from before the drill nothing is proven, and nobody logs in', async () => {
    const { url, requests } = await shop();
    for (const found of [undefined, { issuedAt: 'yesterday', values: {} }, 7]) {
      const { validation, drill } = checked(url, found === undefined ? [] : [measured(found)]);
      expect(await kind.judge(validation, drill, signal)).toEqual({
        verdict: 'unknown',
        reason: 'no session from before the drill is in the journal',
        evidence: [],
      });
    }
    expect(requests).toEqual([]);
  });

  test('a session that was forgotten fails, and no token is told', async () => {
    const { url, forget } = await shop();
    const first = checked(url);
    const found = await kind.before(first.validation, first.drill, signal);
    forget();
    const { validation, drill } = checked(url, [measured(found)]);
    const judged = await kind.judge(validation, drill, signal);
    expect(judged).toEqual({
      verdict: 'failed',
      reason:
        '1 of 2 sessions work; the session from before the drill (0 s old) no longer works: status 302 (a redirect to ***.example, not followed), allowed 200; the session of a new login works: 200 in 0 ms',
      evidence: [
        'before the drill: 302 in 0 ms; status 302 (a redirect to ***.example, not followed), allowed 200',
        'new login: 200 in 0 ms',
        'after the new login: 200 in 0 ms',
      ],
    });
  });

  test('a session that still works and a new one pass', async () => {
    const { url } = await shop();
    const first = checked(url);
    const found = await kind.before(first.validation, first.drill, signal);
    const { validation, drill } = checked(url, [measured(found)]);
    expect(await kind.judge(validation, drill, signal)).toMatchObject({
      verdict: 'passed',
      reason: expect.stringMatching(/^2 of 2 sessions work; /),
    });
  });

  test('a login that is closed fails', async () => {
    const { url, state } = await shop();
    const first = checked(url);
    const found = await kind.before(first.validation, first.drill, signal);
    state.isLoginOpen = false;
    const { validation, drill } = checked(url, [measured(found)]);
    expect(await kind.judge(validation, drill, signal)).toMatchObject({
      verdict: 'failed',
      reason: expect.stringContaining('a new login is not possible: status 503, allowed 200'),
    });
  });
});
