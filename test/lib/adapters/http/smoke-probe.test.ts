import { getEventListeners, once } from 'node:events';
import type { RequestListener } from 'node:http';
import type net from 'node:net';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { smokeProbe } from '../../../../lib/adapters/http/smoke-probe.ts';
import type { Smoke } from '../../../../lib/drill/plan/plan.ts';
import type { Sample } from '../../../../lib/drill/witness/sample.ts';
import { nobody, serve, serveBytes } from './servers.ts';

const clock = { now: Date.now };
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

const OK = 'HTTP/1.1 200 OK\r\nx-release: v1\r\ncontent-length: 2\r\n\r\nok';

function smoke(url: string, parts: Partial<Smoke> = {}): Smoke {
  return {
    method: 'GET',
    url,
    headers: {},
    expect: { status: [200] },
    release: { header: 'X-Release' },
    intervalMs: 1_000,
    timeoutMs: 5_000,
    ...parts,
  };
}

async function serving(listener: RequestListener) {
  const served = await serve(listener);
  closing.push(served.close);
  return served;
}

async function servingBytes(onData: Parameters<typeof serveBytes>[0]) {
  const served = await serveBytes(onData);
  closing.push(served.close);
  return served;
}

function probeOnce(url: string, parts: Partial<Smoke> = {}): Promise<Sample> {
  return smokeProbe(smoke(url, parts), clock)(new AbortController().signal);
}

describe('a sample is not ok', () => {
  it('when nobody listens', async () => {
    expect(await probeOnce(await nobody())).toMatchObject({
      ok: false,
      status: null,
      release: null,
      failure: 'connection refused (ECONNREFUSED)',
    });
  });

  it('when the host name leads nowhere', async () => {
    const sample = await probeOnce('http://nobody.invalid/');
    expect(sample).toMatchObject({ ok: false, status: null, failure: expect.stringMatching(/^host name /) });
  });

  it('when the server never answers within the timeout', async () => {
    const { url } = await serving(() => {});
    const sample = await probeOnce(url, { timeoutMs: 60 });
    expect(sample).toMatchObject({ ok: false, status: null });
    expect(sample.failure).toBe(`no complete answer after ${sample.at - sample.sentAt} ms`);
  });

  it('when the body drips without end, with the status and release that had come', async () => {
    let drips: NodeJS.Timeout | undefined;
    const { url } = await serving((_, response) => {
      response.writeHead(200, { 'x-release': 'v1' });
      drips = setInterval(() => response.write('.'), 5);
    });
    const sample = await probeOnce(url, { timeoutMs: 700 });
    clearInterval(drips);
    expect(sample).toMatchObject({ ok: false, status: 200, release: 'v1' });
    expect(sample.failure).toMatch(
      /^no complete answer after \d+ ms, after the head of the answer with status 200$/,
    );
  });

  it('when the connection is reset instead of an answer', async () => {
    const { url, connections } = await servingBytes((socket) => socket.resetAndDestroy());
    expect(await probeOnce(url)).toMatchObject({
      ok: false,
      status: null,
      failure: 'connection reset (ECONNRESET)',
    });
    expect(connections()).toBe(1);
  });

  it('when the answer breaks off in its body', async () => {
    const { url } = await servingBytes((socket) => socket.end(OK.slice(0, -1)));
    expect(await probeOnce(url)).toMatchObject({
      ok: false,
      status: 200,
      release: 'v1',
      failure: expect.stringContaining('connection reset (ECONNRESET), after the head'),
    });
  });

  it.each([
    ['is not HTTP', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['has endless headers', `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(40_000)}\r\n\r\n`],
  ])('when the answer %s', async (_, answer) => {
    const { url } = await servingBytes((socket) => socket.write(answer));
    const { ok, failure } = await probeOnce(url);
    expect(ok).toBe(false);
    expect(failure).toMatch(/^answer is not valid HTTP \(HPE_/);
  });

  it('when the server wants to change the protocol', async () => {
    const { url } = await servingBytes((socket) =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
    );
    expect(await probeOnce(url)).toMatchObject({ ok: false });
  });

  it('when the server does not speak TLS', async () => {
    const { url } = await serving((_, response) => response.end('ok'));
    const { ok, status, failure } = await probeOnce(url.replace('http:', 'https:'));
    expect({ ok, status }).toEqual({ ok: false, status: null });
    expect(failure).toMatch(/^TLS refused \(/);
  });

  it('when the server refuses the TLS handshake', async () => {
    const server = tls.createServer(); // Without a certificate there is nothing to agree upon.
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => new Promise((resolve) => server.close(() => resolve())));
    const sample = await probeOnce(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    expect(sample).toMatchObject({ ok: false, status: null, failure: expect.stringMatching(/^TLS refused/) });
  });

  it('when the status is another one, and no redirect is followed', async () => {
    const { url, requests } = await serving((_, response) =>
      response.writeHead(302, { location: '/elsewhere', 'x-release': 'v2' }).end(),
    );
    expect(await probeOnce(url, { expect: { status: [200, 204] } })).toMatchObject({
      ok: false,
      status: 302,
      release: 'v2',
      failure: 'status 302 (a redirect, not followed), allowed 200 or 204',
    });
    expect(requests).toHaveLength(1);
  });

  it('when the body is another one', async () => {
    const { url } = await serving((_, response) => response.end('we are sorry'));
    expect(await probeOnce(url, { expect: { status: [200], bodyContains: 'mug' } })).toMatchObject({
      ok: false,
      status: 200,
      failure: 'the body does not contain the expected text',
    });
  });

  it('when the expected text stands beyond what is read', async () => {
    const { url } = await serving((_, response) => response.end(`${'x'.repeat(64 * 1024)}mug`));
    expect(await probeOnce(url, { expect: { status: [200], bodyContains: 'mug' } })).toMatchObject({
      ok: false,
      failure: 'the body, of which the first 64 KB are read, does not contain the expected text',
    });
  });

  it('and tells no secret of the plan', async () => {
    const url = (await nobody()).replace('//', '//user:s3cret@');
    const sample = await probeOnce(`${url}/?key=s3cret`, { headers: { authorization: 's3cret' } });
    expect(JSON.stringify(sample)).not.toContain('s3cret');
    const unsendable = await probeOnce('http://127.0.0.1:1/?key=s3cret', {
      headers: { 'x-key': 's3cret\n' },
    });
    expect(unsendable.failure).toBe('header with a character that cannot be sent (ERR_INVALID_CHAR)');
    expect((await probeOnce('s3cret')).failure).toBe('URL not valid (ERR_INVALID_URL)');
  });
});

it('tells which task answered, if the plan says where that stands, also when the body broke off', async () => {
  const instance = { header: 'x-task' };
  const headers = { 'x-release': 'v1', 'x-task': 'i-7' };
  const whole = await serving((_, response) => response.writeHead(500, headers).end());
  expect(await probeOnce(whole.url)).not.toHaveProperty('instance');
  expect(await probeOnce(whole.url, { instance })).toMatchObject({ ok: false, instance: 'i-7' });
  const nameless = await serving((_, response) => response.end());
  expect(await probeOnce(nameless.url, { instance })).not.toHaveProperty('instance');
  const broken = await serving((_, response) => {
    response.writeHead(200, headers).write('o');
    setImmediate(() => response.destroy());
  });
  expect(await probeOnce(broken.url, { instance })).toMatchObject({ ok: false, instance: 'i-7' });
});

describe('the release', () => {
  it.each([
    ['is not in the answer', '{}'],
    ['is empty', '{"release":""}'],
    ['is no text', '{"release":{}}'],
    ['should stand in something else than JSON', '<html>'],
  ])('is not told when it %s', async (_, body) => {
    const { url } = await serving((_request, response) => response.end(body));
    const sample = await probeOnce(url, { release: { json: '$.release' } });
    expect(sample).toMatchObject({ ok: true, release: null });
  });

  it('is read from the body by its path, from a failed answer too', async () => {
    const { url } = await serving((_, response) =>
      response.writeHead(500).end('{"builds":[{"release":"v7"}]}'),
    );
    expect(await probeOnce(url, { release: { json: '$.builds[0].release' } })).toMatchObject({
      ok: false,
      release: 'v7',
    });
  });

  it('is read from a header, for HEAD too', async () => {
    const { url } = await serving((_, response) => response.setHeader('x-release', ' v1 ').end());
    expect(await probeOnce(url, { method: 'HEAD' })).toMatchObject({ ok: true, release: 'v1' });
  });
});

describe('one probe', () => {
  it('tells who asks, sends what the plan says and is answered when the last byte has come', async () => {
    let lastByteAt = Number.POSITIVE_INFINITY;
    let received = '';
    const { url, requests } = await serving(async (request, response) => {
      for await (const chunk of request) received += chunk;
      response.writeHead(200, { 'x-release': 'v1' });
      response.write('a mug');
      setTimeout(() => {
        lastByteAt = Date.now();
        response.end('!');
      }, 30);
    });
    const before = Date.now();
    const sample = await probeOnce(`${url}/check?a=1`, {
      method: 'POST',
      headers: { 'x-shop': 'demo' },
      body: 'ü',
      expect: { status: [200], bodyContains: 'mug!' },
    });
    expect(sample).toMatchObject({ ok: true, status: 200, release: 'v1', failure: null });
    expect(sample.sentAt).toBeGreaterThanOrEqual(before);
    expect(sample.at).toBeGreaterThanOrEqual(lastByteAt);
    expect(received).toBe('ü');
    expect(requests[0]).toMatchObject({
      method: 'POST',
      url: '/check?a=1',
      headers: { 'user-agent': 'rollback-drill-witness/1', 'x-shop': 'demo', 'content-length': '2' },
    });
  });

  it('waits for the end of a body that is larger than what it reads', async () => {
    const { url } = await serving((_, response) => response.end('x'.repeat(3_000_000)));
    expect(await probeOnce(url)).toMatchObject({ ok: true, failure: null });
  });

  it('ends soon when it is stopped, and leaves nothing behind on the signal', async () => {
    const stop = new AbortController();
    const { url } = await serving(() => stop.abort());
    const sample = await smokeProbe(smoke(url, { timeoutMs: 30_000 }), clock)(stop.signal);
    expect(sample).toMatchObject({ ok: false, status: null });
    expect(sample.failure).toMatch(/^stopped after \d+ ms without a complete answer$/);
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
  });

  it('sends nothing when it is stopped before', async () => {
    const { url, requests } = await serving((_, response) => response.end());
    const sample = await smokeProbe(smoke(url), clock)(AbortSignal.abort());
    expect(sample).toMatchObject({ ok: false, status: null });
    expect(requests).toEqual([]);
  });

  it('tells of a timeout when the signal of the caller has run out of time', async () => {
    const { url } = await serving(() => {});
    const sample = await smokeProbe(smoke(url), clock)(AbortSignal.timeout(30));
    expect(sample.failure).toMatch(/^no complete answer after \d+ ms$/);
  });

  it('leaves nothing behind on the signal when it was answered', async () => {
    const { url } = await serving((_, response) => response.end());
    const { signal } = new AbortController();
    const probe = smokeProbe(smoke(url), clock);
    for (let nth = 0; nth < 3; nth++) expect(await probe(signal)).toMatchObject({ ok: true });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('connections', () => {
  const { signal } = new AbortController();

  it('are used again', async () => {
    const { url, connections } = await serving((_, response) => response.end('ok'));
    const probe = smokeProbe(smoke(url), clock);
    for (let nth = 0; nth < 3; nth++) await probe(signal);
    expect(connections()).toBe(1);
  });

  it('that the server has closed while they were idle are no failure', async () => {
    const { url, connections } = await servingBytes((socket) => socket.end(OK));
    const probe = smokeProbe(smoke(url), clock);
    for (let nth = 0; nth < 3; nth++) expect(await probe(signal)).toMatchObject({ ok: true });
    expect(connections()).toBe(3);
  });

  it.each(['GET', 'HEAD', 'PUT'] as const)(
    'that the server closes just when %s comes over them are no failure',
    async (method) => {
      const answer = method === 'HEAD' ? OK.slice(0, -2) : OK;
      const { url, connections } = await servingBytes((socket, _, nth) =>
        nth === 1 ? socket.write(answer) : socket.resetAndDestroy(),
      );
      const probe = smokeProbe(smoke(url, { method }), clock);
      await probe(signal);
      expect(await probe(signal)).toMatchObject({ ok: true, status: 200, failure: null });
      expect(connections()).toBe(2);
    },
  );

  it('that break after the first byte of the answer are a failure', async () => {
    const { url, connections } = await servingBytes((socket, _, nth) =>
      nth === 1 ? socket.write(OK) : socket.write('HTTP/1.1 2', () => socket.resetAndDestroy()),
    );
    const probe = smokeProbe(smoke(url), clock);
    await probe(signal);
    expect(await probe(signal)).toMatchObject({ ok: false, status: null });
    expect(connections()).toBe(1);
  });

  it('are tried afresh only once', async () => {
    let isUp = true;
    const { url, connections } = await servingBytes((socket) =>
      isUp ? socket.write(OK) : socket.resetAndDestroy(),
    );
    const probe = smokeProbe(smoke(url), clock);
    await probe(signal);
    isUp = false;
    expect(await probe(signal)).toMatchObject({ ok: false, failure: 'connection reset (ECONNRESET)' });
    expect(connections()).toBe(2);
  });

  it('are never used again by POST, so that it is sent only once', async () => {
    const seen: string[] = [];
    const { url, connections } = await servingBytes((socket, text) => {
      seen.push(text.split(' ')[0] ?? '');
      if (seen.length === 1) socket.write(OK);
      else socket.resetAndDestroy();
    });
    const probe = smokeProbe(smoke(url, { method: 'POST' }), clock);
    expect(await probe(signal)).toMatchObject({ ok: true });
    expect(await probe(signal)).toMatchObject({ ok: false, failure: 'connection reset (ECONNRESET)' });
    expect([seen, connections()]).toEqual([['POST', 'POST'], 2]);
  });

  it('and the retry share one timeout', async () => {
    const sockets: net.Socket[] = [];
    const { url } = await servingBytes((socket, _, nth) => {
      sockets.push(socket);
      if (sockets.length === 1) socket.write(OK);
      else if (nth === 2) socket.resetAndDestroy();
    });
    const probe = smokeProbe(smoke(url, { timeoutMs: 700 }), clock);
    await probe(signal);
    const sample = await probe(signal);
    expect(sample.failure).toMatch(/^no complete answer after \d+ ms$/);
    expect(sockets).toHaveLength(3);
  });
});
