import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sts } from '../../../../lib/adapters/aws/clients.ts';
import { sendSigned } from '../../../../lib/adapters/aws/signed-requests.ts';
import { systemClock } from '../../../../lib/adapters/clock.ts';
import { type BrowserProxy, startProxy } from '../../../../lib/cli/open/proxy.ts';
import { sentRequest } from '../../../../sandbox/httpapi/request.ts';
import { signerOf } from '../../../../sandbox/httpapi/signature.ts';

const SECRET = 'the-secret-of-the-caller';
const LISTS: Readonly<Record<string, unknown>> = {
  '/targets': { items: [{ target: 'ecs:demo/<b>shop' }] },
  '/targets/ecs%3Ademo/%3Cb%3Eshop/drills': {
    items: [{ id: 'a-1', number: 1, startedAt: '2026-11-21T12:00:00.000Z', outcome: 'passed' }],
  },
};

describe('the proxy for browsers', () => {
  let api: Server;
  let proxy: BrowserProxy;
  let asked: { method: string; url: string; signer: string | undefined }[];

  beforeEach(async () => {
    asked = [];
    api = createServer(async (incoming, outgoing) => {
      const sent = await sentRequest(incoming);
      if (sent === 'too-large') return void outgoing.writeHead(413).end();
      asked.push({
        method: sent.method,
        url: incoming.url ?? '',
        signer: signerOf(sent, SECRET, Date.now()),
      });
      const headers = { 'content-type': 'application/json', 'x-internal': 'kept', 'set-cookie': 'a=b' };
      outgoing
        .writeHead(200, headers)
        .end(JSON.stringify(LISTS[sent.path] ?? { accept: sent.headers.accept }));
    });
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: 'alice',
      AWS_SECRET_ACCESS_KEY: SECRET,
      AWS_REGION: 'us-east-1',
    });
    const url = new URL(`http://127.0.0.1:${(api.address() as AddressInfo).port}`);
    proxy = await startProxy({ api: url, port: 0, send: sendSigned(sts(), systemClock) });
  });
  afterEach(async () => {
    await proxy.close();
    api.closeAllConnections();
    await new Promise((resolve) => api.close(resolve));
  });

  test('passes nothing on without its own path, or under the name of another host', async () => {
    const { origin, host } = new URL(proxy.url);
    expect((await fetch(`${origin}/targets`)).status).toBe(404);
    expect((await fetch(`${origin}/`)).status).toBe(404);
    expect((await fetch(`${proxy.url.slice(0, -2)}x/targets`)).status).toBe(404);
    expect(await statusWith({ host: 'attacker.example' })).toBe(421);
    expect(await statusWith({ host: `attacker.example:${host.split(':')[1]}` })).toBe(421);
    expect(asked).toEqual([]);
  });

  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('passes no %s on', async (method) => {
    const answer = await fetch(`${proxy.url}drills`, { method });
    expect(answer.status).toBe(405);
    expect(asked).toEqual([]);
  });

  test('names no other host, whatever the path is', async () => {
    for (const path of [
      '//attacker.example/',
      '/@attacker.example/',
      '/../../attacker.example',
      '/%2f%2fattacker.example',
    ])
      await statusWith({}, `${new URL(proxy.url).pathname.slice(0, -1)}${path}`);
    expect(asked).toHaveLength(4);
    expect(asked.every(({ signer }) => signer === 'alice')).toBe(true);
  });

  test('signs in the name of its caller, and tells nothing of the credentials', async () => {
    const answer = await fetch(`${proxy.url}targets?limit=3`, {
      headers: { accept: 'text/html', cookie: 'a=b' },
    });
    const text = await answer.text();
    expect(JSON.parse(text)).toEqual(LISTS['/targets']);
    expect(asked).toEqual([{ method: 'GET', url: '/targets?limit=3', signer: 'alice' }]);
    const told = JSON.stringify([text, proxy.url, ...answer.headers]);
    for (const word of [SECRET, 'AWS4-HMAC', 'alice', 'x-internal', 'set-cookie'])
      expect(told).not.toContain(word);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('shows a page with the newest drills of every target, in which nothing of others is active', async () => {
    const answer = await fetch(proxy.url);
    const page = await answer.text();
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page).toContain('ecs:demo/&lt;b&gt;shop');
    expect(page).not.toContain('<b>');
    expect(page).toContain('/drills/a-1/receipt">passed</a>');
  });

  test('says that the API does not answer, and why only on the terminal', async () => {
    api.closeAllConnections();
    await new Promise((resolve) => api.close(resolve));
    const answer = await fetch(`${proxy.url}targets`);
    expect(answer.status).toBe(502);
    expect(await answer.text()).not.toContain('ECONNREFUSED');
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  });

  function statusWith(headers: Record<string, string>, path = new URL(proxy.url).pathname): Promise<number> {
    const { hostname, port } = new URL(proxy.url);
    return new Promise((resolve, reject) => {
      request({ hostname, port, path, headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
        .once('error', reject)
        .end();
    });
  }
});
