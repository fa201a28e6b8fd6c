import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { syntheticTransaction } from '../../../../lib/adapters/http/synthetic-transaction.ts';
import type { Step, ValidationOf } from '../../../../lib/drill/plan/plan.ts';
import type { Drill } from '../../../../lib/ports/drills.ts';
import { memorySecrets } from '../../../fixtures/memory/secrets.ts';
import { nobody, serve, serveBytes } from './servers.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function serving(listener: RequestListener) {
  const served = await serve(listener);
  closing.push(served.close);
  return served;
}

function step(url: string, parts: Partial<Step> = {}): Step {
  return { name: 'open', method: 'GET', url, headers: {}, expect: { status: [200] }, capture: {}, ...parts };
}

type Transaction = ValidationOf<'synthetic-transaction'>;

function transaction(steps: Step[], timeoutMs = 10_000, parts: Partial<Transaction> = {}): Transaction {
  const kind = 'synthetic-transaction';
  return { name: 'buy', kind, required: true, timeoutMs, secrets: {}, steps, tidyUp: [], ...parts };
}

const SECRETS = memorySecrets({ robot: { password: 'l0ve lace/"' }, key: 'k3y-of-the-shop' });

/** A clock that stands still until the test moves it. */
function slowClock() {
  const time = { ms: Date.parse('2026-11-03T08:00:00Z') };
  const pass = (ms: number): void => {
    time.ms += ms;
  };
  return { now: () => time.ms, pass };
}

function judge(validation: Transaction, { clock = slowClock(), signal = new AbortController().signal } = {}) {
  return syntheticTransaction({ clock, secrets: SECRETS })(validation, {} as Drill, signal);
}

type Page = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** A shop whose pages are told apart by method and path. */
async function shop(pages: Record<string, Page>) {
  const served = await serving(async (request, response) => {
    const page = pages[`${request.method} ${request.url}`];
    const body = await text(request);
    if (page) page(request, response, body);
    else response.writeHead(404).end();
  });
  return served;
}

describe('a step fails', () => {
  it.each([
    ['nobody listens', nobody, 'connection refused (ECONNREFUSED)'],
    [
      'the connection is reset',
      async () => {
        const served = await serveBytes((socket) => socket.resetAndDestroy());
        closing.push(served.close);
        return served.url;
      },
      'connection reset (ECONNRESET)',
    ],
  ])('when %s', async (_, start, reason) => {
    const judged = await judge(transaction([step(await start())]));
    expect(judged).toEqual({
      verdict: 'failed',
      reason: `step open: ${reason}`,
      evidence: ['open: no answer in 0 ms'],
    });
  });

  it('when the status is none of the allowed ones, and the steps after it are not taken', async () => {
    const { url, requests } = await shop({
      'GET /catalogue': (_, response) => response.end('{}'),
      'POST /checkout': (_, response) => response.writeHead(500).end('card 4111 was not charged'),
    });
    const judged = await judge(
      transaction([
        step(`${url}/catalogue`, { name: 'catalogue' }),
        step(`${url}/checkout`, { name: 'checkout', method: 'POST', expect: { status: [201, 202] } }),
        step(`${url}/catalogue`, { name: 'again' }),
      ]),
    );
    expect(judged).toEqual({
      verdict: 'failed',
      reason: 'step checkout: status 500, allowed 201 or 202',
      evidence: ['catalogue: 200 in 0 ms', 'checkout: 500 in 0 ms'],
    });
    expect(requests).toHaveLength(2);
  });

  it('when it is redirected', async () => {
    const { url, requests } = await serving((_, response) =>
      response.writeHead(303, { location: '/' }).end(),
    );
    expect(await judge(transaction([step(url)]))).toMatchObject({
      verdict: 'failed',
      reason: 'step open: status 303 (a redirect, not followed), allowed 200',
    });
    expect(requests).toHaveLength(1);
  });

  it('when the answer comes, but too late', async () => {
    const clock = slowClock();
    const { url } = await serving((_, response) => {
      clock.pass(812);
      response.end();
    });
    const judged = await judge(transaction([step(url, { expect: { status: [200], withinMs: 500 } })]), {
      clock,
    });
    expect(judged).toMatchObject({
      verdict: 'failed',
      reason: 'step open: answered in 812 ms > 500 ms',
      evidence: ['open: 200 in 812 ms'],
    });
  });

  it('when the text is not in the body', async () => {
    const { url } = await serving((_, response) => response.end('we are sorry'));
    const expected = { status: [200], bodyContains: 'Thank you' };
    expect(await judge(transaction([step(url, { expect: expected })]))).toMatchObject({
      verdict: 'failed',
      reason: 'step open: the body does not contain the expected text',
    });
  });

  it.each([
    ['is another', { '$.total': 12 }, '$.total is another number than expected'],
    ['is of another kind', { '$.total': '11' }, '$.total is number, expected text'],
    ['is not there', { '$.items[3].sku': null }, '$.items[3].sku is not in the answer'],
    ['is a list', { '$.items': 'mug' }, '$.items is list, expected text'],
  ])('when a value %s', async (_, json, reason) => {
    const { url } = await serving((_request, response) =>
      response.end('{"total":11,"items":[{"sku":null}]}'),
    );
    expect(await judge(transaction([step(url, { expect: { status: [200], json } })]))).toMatchObject({
      verdict: 'failed',
      reason: `step open: ${reason}`,
    });
  });

  it.each([
    ['is no JSON', '<html>', 'the body is not JSON'],
    [
      'is larger than 1 MB',
      JSON.stringify('x'.repeat(1024 * 1024)),
      'the body, of which the first 1024 KB are read, is not JSON',
    ],
  ])('when a body %s where JSON is expected', async (_, body, reason) => {
    const { url } = await serving((_request, response) => response.end(body));
    expect(
      await judge(transaction([step(url, { expect: { status: [200], json: { $: 1 } } })])),
    ).toMatchObject({ verdict: 'failed', reason: `step open: ${reason}` });
  });

  it.each<[string, Step['capture'][string], string]>([
    ['a value that is not there', { json: '$.token' }, '$.token is not in the answer'],
    ['null', { json: '$.nothing' }, '$.nothing is null, allowed text, number or boolean'],
    ['a list', { json: '$.list' }, '$.list is list, allowed text, number or boolean'],
    ['an empty text', { json: '$.empty' }, '$.empty is empty'],
    ['a text without end', { json: '$.long' }, '$.long has 9000 characters, allowed 8192'],
    ['a header that is not there', { header: 'X-Token' }, 'header X-Token is not in the answer'],
    ['a cookie that is not set', { cookie: 'sid' }, 'cookie sid is not in the answer'],
    ['a cookie that is taken away', { cookie: 'old' }, 'cookie old is not in the answer'],
  ])('when it captures %s', async (_, source, reason) => {
    const body = JSON.stringify({ nothing: null, list: [], empty: '', long: 'x'.repeat(9000) });
    const { url } = await serving((_request, response) =>
      response.setHeader('set-cookie', 'old=1; Max-Age=0').end(body),
    );
    expect(await judge(transaction([step(url, { capture: { token: source } })]))).toMatchObject({
      verdict: 'failed',
      reason: `step open: {{token}}: ${reason}`,
    });
  });

  it('when a captured value leads to another host, where nothing is sent', async () => {
    const { url: foreign, requests } = await serving((_, response) => response.end());
    const { url } = await serving((_, response) => response.setHeader('location', `${foreign}/x`).end());
    const judged = await judge(
      transaction([
        step(url, { capture: { order: { header: 'location' } } }),
        step(`${url}{{order}}`, { name: 'order', headers: { authorization: 'Bearer s3cret' } }),
      ]),
    );
    expect(judged).toMatchObject({
      verdict: 'failed',
      reason: 'step order: the value captured for the URL does not lead to a path on its host',
    });
    expect(requests).toEqual([]);
  });

  it('when a captured value cannot be sent in a header, which is not shown', async () => {
    const { url } = await serving((_, response) => response.end(JSON.stringify({ token: 's3cret\n' })));
    const judged = await judge(
      transaction([
        step(url, { capture: { token: { json: '$.token' } } }),
        step(url, { name: 'use', headers: { 'x-token': '{{token}}' } }),
      ]),
    );
    expect(judged.verdict).toBe('failed');
    expect(JSON.stringify(judged)).not.toContain('s3cret');
  });
});

describe('secrets', () => {
  const robot = { kind: 'secrets-manager', id: 'robot', key: 'password' } as const;
  const key = { kind: 'ssm-parameter', id: 'key' } as const;

  it('that are missing make the verdict unknown, and nothing is sent', async () => {
    const { url, requests } = await serving((_, response) => response.end());
    const lost = { kind: 'secrets-manager', id: 'lost' } as const;
    expect(await judge(transaction([step(url)], 10_000, { secrets: { key, lost } }))).toEqual({
      verdict: 'unknown',
      reason: '{{secret:lost}}: the secret lost cannot be read: NotFound',
      evidence: [],
    });
    expect(requests).toEqual([]);
  });

  it('are sent, and are not shown when the answer echoes them wherever it can', async () => {
    const { url, requests } = await serving(async (request, response) => {
      const [field = ''] = (await text(request)).split('&');
      const location = `https://k3y-of-the-shop.example/${field}`;
      response.writeHead(302, { location, 'x-echo': request.headers.authorization ?? '' }).end(field);
    });
    const sent = step(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: 'Bearer {{secret:key}}',
      },
      body: 'password={{secret:robot}}&a=1',
    });
    const judged = await judge(transaction([sent], 10_000, { secrets: { robot, key } }));
    expect(requests[0]?.headers.authorization).toBe('Bearer k3y-of-the-shop');
    expect(judged).toMatchObject({
      verdict: 'failed',
      reason: 'step open: status 302 (a redirect to ***.example, not followed), allowed 200',
    });
  });
});

describe('tidying up', () => {
  const tidy = (url: string, parts: Partial<Step> = {}) =>
    step(url, { name: 'cancel', method: 'DELETE', expect: { status: [204] }, ...parts });

  it('does not pass for done when it failed, and decides only when all else passed', async () => {
    const { url } = await shop({
      'GET /': (_, response) => response.end(),
      'DELETE /order': (_, response) => response.writeHead(500).end(),
    });
    const tidyUp = [tidy(`${url}/order`)];
    expect(await judge(transaction([step(`${url}/`)], 10_000, { tidyUp }))).toEqual({
      verdict: 'failed',
      reason: '1 of 1 steps passed in 0 ms; 0 of 1 tidied up, tidy-up step cancel: status 500, allowed 204',
      evidence: ['open: 200 in 0 ms', 'tidy-up cancel: 500 in 0 ms; status 500, allowed 204'],
    });
    const broken = step(`${url}/absent`, { name: 'absent' });
    expect(await judge(transaction([broken], 10_000, { tidyUp }))).toEqual({
      verdict: 'failed',
      reason: 'step absent: status 404, allowed 200',
      evidence: ['absent: 404 in 0 ms', 'tidy-up cancel: 500 in 0 ms; status 500, allowed 204'],
    });
  });

  it('follows a failure, with what was captured until then, and leaves out what cannot be named', async () => {
    const { url, requests } = await shop({
      'POST /order': (_, response) => response.writeHead(201).end('{"id":7}'),
      'DELETE /order/7': (_, response) => response.writeHead(204).end(),
    });
    const order = step(`${url}/order`, {
      name: 'order',
      method: 'POST',
      expect: { status: [201] },
      capture: { id: { json: '$.id' } },
    });
    const pay = step(`${url}/pay`, { name: 'pay', capture: { receipt: { json: '$.id' } } });
    const tidyUp = [
      tidy(`${url}/receipt/{{receipt}}`, { name: 'refund' }),
      tidy(`${url}/order/{{id}}`, { name: 'cancel' }),
    ];
    expect(await judge(transaction([order, pay], 10_000, { tidyUp }))).toEqual({
      verdict: 'failed',
      reason: 'step pay: status 404, allowed 200',
      evidence: [
        'order: 201 in 0 ms',
        'pay: 404 in 0 ms',
        'tidy-up refund: not sent, as {{receipt}} was never captured',
        'tidy-up cancel: 204 in 0 ms',
      ],
    });
    expect(requests.map(({ method }) => method)).toEqual(['POST', 'GET', 'DELETE']);
  });

  it('follows when the time of the steps is up, and one that hangs leaves time for the others', async () => {
    const { url, requests } = await shop({
      'GET /': () => {},
      'DELETE /hangs': () => {},
      'DELETE /order': (_, response) => response.writeHead(204).end(),
    });
    const tidyUp = [tidy(`${url}/hangs`, { name: 'hangs' }), tidy(`${url}/order`)];
    const clock = { ...slowClock(), now: Date.now };
    const judged = await judge(transaction([step(`${url}/`)], 1_600, { tidyUp }), { clock });
    expect(judged.verdict).toBe('failed');
    expect(judged.reason).toMatch(
      /^step open: no complete answer after \d+ ms; all steps together may take 1200 ms$/,
    );
    expect(judged.evidence.at(-1)).toMatch(/^tidy-up cancel: 204 in \d+ ms$/);
    expect(requests).toHaveLength(3);
  });

  it('is told when it succeeded', async () => {
    const { url } = await serving((request, response) =>
      response.writeHead(request.method === 'DELETE' ? 204 : 200).end(),
    );
    expect(await judge(transaction([step(url)], 10_000, { tidyUp: [tidy(url)] }))).toEqual({
      verdict: 'passed',
      reason: '1 of 1 steps passed in 0 ms, 1 of 1 tidied up',
      evidence: ['open: 200 in 0 ms', 'tidy-up cancel: 204 in 0 ms'],
    });
  });

  it('sends nothing when nothing was sent before', async () => {
    const { url, requests } = await serving((_, response) => response.end());
    const validation = transaction([step(url)], 10_000, { tidyUp: [tidy(url)] });
    expect(await judge(validation, { signal: AbortSignal.abort() })).toMatchObject({ verdict: 'unknown' });
    expect(requests).toEqual([]);
  });
});

describe('comparisons', () => {
  const answer = JSON.stringify({ total: 0, count: '12', state: 'paid', list: [1], nothing: null });

  it.each<[NonNullable<Step['expect']['json']>, string]>([
    [{ '$.total': { above: 0 } }, '$.total is 0, expected above 0'],
    [{ '$.count': { below: 12 } }, '$.count is 12, expected below 12'],
    [{ '$.state': { above: 0 } }, '$.state is text, expected a number'],
    [{ '$.nothing': { above: -1 } }, '$.nothing is null, expected a number'],
    [{ '$.absent': { above: 0 } }, '$.absent is not in the answer'],
    [{ '$.absent': { exists: true } }, '$.absent is not in the answer'],
    [{ '$.nothing': { exists: false } }, '$.nothing is in the answer, expected not to be'],
    [{ '$.state': { matches: '^open$|^sent$' } }, '$.state does not match ^open$|^sent$'],
    [{ '$.list': { matches: '1' } }, '$.list is list, expected what matches 1'],
  ])('%j fails', async (json, reason) => {
    const { url } = await serving((_, response) => response.end(answer));
    expect(await judge(transaction([step(url, { expect: { status: [200], json } })]))).toMatchObject({
      verdict: 'failed',
      reason: `step open: ${reason}`,
    });
  });

  it.each<[NonNullable<Step['expect']['headers']>, string]>([
    [{ 'X-Mode': 'live' }, 'header X-Mode is another text than expected'],
    [{ 'x-absent': { exists: true } }, 'header x-absent is not in the answer'],
    [{ 'x-mode': { matches: '^live' } }, 'header x-mode does not match ^live'],
  ])('of headers: %j fails', async (headers, reason) => {
    const { url } = await serving((_, response) => response.setHeader('x-mode', 'test').end());
    expect(await judge(transaction([step(url, { expect: { status: [200], headers } })]))).toMatchObject({
      verdict: 'failed',
      reason: `step open: ${reason}`,
    });
  });

  it('pass with the values that they allow', async () => {
    const { url } = await serving((_, response) => response.setHeader('x-mode', 'test').end(answer));
    const json = {
      '$.total': { above: -1 },
      '$.count': { below: 13 },
      '$.state': { matches: '^pa[i]d$' },
      '$.list[0]': { exists: true },
      '$.absent': { exists: false },
    };
    const headers = { 'x-mode': 'test', 'X-Absent': { exists: false } };
    expect(await judge(transaction([step(url, { expect: { status: [200], json, headers } })]))).toMatchObject(
      { verdict: 'passed' },
    );
  });
});

describe('a hostile answer', () => {
  it('of 100 MB is not received to its end, and not kept', async () => {
    const megabyte = Buffer.alloc(1024 * 1024, 'a');
    let sent = 0;
    const { url } = await serving((_, response) => {
      const more = (): void => {
        while (sent < 100) {
          sent += 1;
          if (!response.write(megabyte)) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    });
    expect(await judge(transaction([step(url)]))).toMatchObject({
      verdict: 'failed',
      reason: 'step open: answer of more than 32 MB (ERR_BODY_TOO_LARGE)',
    });
    expect(sent).toBeLessThan(100);
  });

  it('of 10,000 headers is refused', async () => {
    const served = await serveBytes((socket) => {
      const headers = Array.from({ length: 10_000 }, (_, index) => `x-${index}: ${index}\r\n`).join('');
      socket.end(`HTTP/1.1 200 OK\r\n${headers}\r\n`);
    });
    closing.push(served.close);
    expect(await judge(transaction([step(served.url)]))).toMatchObject({
      verdict: 'failed',
      reason: 'step open: answer is not valid HTTP (HPE_HEADER_OVERFLOW)',
    });
  });

  it('that is binary is no JSON, and none of it is told', async () => {
    const { url } = await serving((_, response) => response.end(Buffer.from([0xff, 0, 0x1b, 0x5b, 0x41])));
    expect(
      await judge(transaction([step(url, { expect: { status: [200], json: { $: 1 } } })])),
    ).toMatchObject({
      verdict: 'failed',
      reason: 'step open: the body is not JSON',
    });
  });

  it('that drips has its time, and no more', async () => {
    const dripping: NodeJS.Timeout[] = [];
    const { url } = await serving((_, response) => {
      dripping.push(setInterval(() => response.write('a'), 20));
    });
    const judged = await judge(transaction([step(url)], 300), { clock: { ...slowClock(), now: Date.now } });
    for (const timer of dripping) clearInterval(timer);
    expect(judged.verdict).toBe('failed');
    expect(judged.reason).toContain('all steps together may take 300 ms');
  });

  it('that redirects to another host is told, and nobody is asked there', async () => {
    const other = await serving((_, response) => response.end());
    const { url } = await serving((_, response) => response.writeHead(307, { location: other.url }).end());
    const judged = await judge(transaction([step(url, { headers: { authorization: 'Bearer x' } })]));
    const host = new URL(other.url).host;
    expect(judged.reason).toBe(`step open: status 307 (a redirect to ${host}, not followed), allowed 200`);
    expect(other.requests).toEqual([]);
  });
});

describe('the time limit', () => {
  it('fails a system that does not answer within what the steps before it have left', async () => {
    const { url } = await shop({ 'GET /catalogue': (_, response) => response.end(), 'GET /slow': () => {} });
    const steps = [step(`${url}/catalogue`, { name: 'catalogue' }), step(`${url}/slow`, { name: 'slow' })];
    const judged = await judge(transaction(steps, 700), { clock: { ...slowClock(), now: Date.now } });
    expect(judged.verdict).toBe('failed');
    expect(judged.reason).toMatch(
      /^step slow: no complete answer after \d+ ms; all steps together may take 700 ms$/,
    );
    expect(judged.evidence).toHaveLength(2);
  });

  it('fails a system whose answer breaks off there', async () => {
    const { url } = await serving((_, response) => response.writeHead(200).write('a'));
    const judged = await judge(transaction([step(url)], 700), { clock: { ...slowClock(), now: Date.now } });
    expect(judged).toMatchObject({ verdict: 'failed' });
    expect(judged.evidence[0]).toMatch(/^open: 200, broken off, in \d+ ms$/);
  });

  it('fails a system that has used it up before the next step', async () => {
    const clock = slowClock();
    const { url, requests } = await serving((_, response) => {
      clock.pass(1_000);
      response.end();
    });
    const judged = await judge(transaction([step(url), step(url, { name: 'next' })], 1_000), { clock });
    expect(judged).toMatchObject({
      verdict: 'failed',
      reason: 'step next: not sent, the steps before it took all of the 1000 ms',
    });
    expect(requests).toHaveLength(1);
  });

  it('fails a system in the same way when it is the time limit of the caller', async () => {
    const { url } = await serving(() => {});
    const judged = await judge(transaction([step(url)]), { signal: AbortSignal.timeout(40) });
    expect(judged).toMatchObject({
      verdict: 'failed',
      reason: expect.stringContaining('no complete answer'),
    });
  });
});

describe('the verdict is unknown', () => {
  it('when it is stopped during a step', async () => {
    const stop = new AbortController();
    const { url } = await serving(() => stop.abort());
    expect(await judge(transaction([step(url)]), { signal: stop.signal })).toEqual({
      verdict: 'unknown',
      reason: 'step open: stopped after 0 ms without a complete answer',
      evidence: ['open: no answer in 0 ms'],
    });
  });

  it.each([
    ['stopped', () => AbortSignal.abort()],
    ['out of time', () => AbortSignal.abort(new DOMException('', 'TimeoutError'))],
  ])('when it is %s before anything was asked', async (_, signal) => {
    const { url, requests } = await serving((_request, response) => response.end());
    expect(await judge(transaction([step(url)]), { signal: signal() })).toEqual({
      verdict: 'unknown',
      reason: 'step open: not sent, the validation was stopped before',
      evidence: [],
    });
    expect(requests).toEqual([]);
  });
});

describe('the way of a user', () => {
  it('passes with captured values in URLs, headers and bodies, and shows none of them', async () => {
    const clock = slowClock();
    const bodies: unknown[] = [];
    const { url, requests, connections } = await shop({
      'GET /catalogue': (_, response) => {
        clock.pass(12);
        response.end('{"items":[{"sku":"mug \\"blue\\"","price":11}]}');
      },
      'POST /login': (_, response) => response.setHeader('x-token', 't0k3n').end(),
      'POST /checkout?sku=mug%20%22blue%22': (_, response, body) => {
        clock.pass(30);
        bodies.push(JSON.parse(body));
        response.writeHead(201, { location: '/orders/5' }).end();
      },
      'GET /orders/5': (_, response) => response.end('{"state":"paid","lines":[{"count":1}]}'),
    });
    const judged = await judge(
      transaction([
        step(`${url}/catalogue`, {
          name: 'catalogue',
          capture: { sku: { json: '$.items[0].sku' }, price: { json: '$.items[0].price' } },
        }),
        step(`${url}/login`, { name: 'log-in', method: 'POST', capture: { token: { header: 'X-Token' } } }),
        step(`${url}/checkout?sku={{sku}}`, {
          name: 'checkout',
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: 'Bearer {{token}}' },
          body: '{"sku":"{{sku}}","price":{{price}}}',
          expect: { status: [201], withinMs: 30 },
          capture: { order: { header: 'location' } },
        }),
        step(`${url}{{order}}`, {
          name: 'order',
          expect: {
            status: [200],
            bodyContains: 'paid',
            json: { '$.state': 'paid', '$.lines[0].count': 1 },
          },
        }),
      ]),
      { clock },
    );
    expect(judged).toEqual({
      verdict: 'passed',
      reason: '4 of 4 steps passed in 42 ms',
      evidence: [
        'catalogue: 200 in 12 ms',
        'log-in: 200 in 0 ms',
        'checkout: 201 in 30 ms',
        'order: 200 in 0 ms',
      ],
    });
    expect(bodies).toEqual([{ sku: 'mug "blue"', price: 11 }]);
    expect(requests[2]?.headers).toMatchObject({
      authorization: 'Bearer t0k3n',
      'user-agent': 'rollback-drill-validator/1',
    });
    expect(connections()).toBe(4);
  });

  it('has cookies of its own, unless a step writes the header itself', async () => {
    const { url, requests } = await serving((_, response) =>
      response.setHeader('set-cookie', ['sid=abc; Path=/; HttpOnly', 'seen=1; Path=/other']).end(),
    );
    const validation = transaction([
      step(`${url}/login`, { name: 'log-in', capture: { session: { cookie: 'sid' } } }),
      step(`${url}/cart`, { name: 'cart' }),
      step(`${url}/cart`, { name: 'own', headers: { cookie: 'mine={{session}}' } }),
    ]);
    expect(await judge(validation)).toMatchObject({ verdict: 'passed' });
    expect(await judge(validation)).toMatchObject({ verdict: 'passed' });
    const sent = requests.map(({ headers }) => headers.cookie);
    expect(sent.slice(0, 3)).toEqual([undefined, 'sid=abc', 'mine=abc']);
    expect(sent[3]).toBeUndefined();
  });

  it('sends a body with DELETE', async () => {
    const { url } = await shop({
      'DELETE /cart': (_, response, body) => response.writeHead(body === 'all' ? 204 : 400).end(),
    });
    const steps = [step(`${url}/cart`, { method: 'DELETE', body: 'all', expect: { status: [204] } })];
    expect(await judge(transaction(steps))).toMatchObject({ verdict: 'passed' });
  });
});
