import type { ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { type Edge, type EdgeOptions, startEdge } from '../../../sandbox/traffic/edge.ts';
import { type Origin, startOrigin } from './origin.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const it of open.splice(0)) await it.close();
});

test('never keeps an error, not even one that calls itself cacheable', async () => {
  let status = 500;
  const { url, origin } = await edgeBefore((response) => {
    response.writeHead(status, { 'cache-control': 'public, s-maxage=30' }).end(String(status));
  });
  expect((await fetch(`${url}/x`)).status).toBe(500);
  status = 200;
  const second = await fetch(`${url}/x`);
  expect([second.status, second.headers.get('x-cache')]).toEqual([200, 'Miss from edge']);
  expect(origin.requests).toHaveLength(2);
});

test('keeps nothing that is not said to be cacheable, and nothing of a request with authorization', async () => {
  const { url, origin } = await edgeBefore((response) => {
    if (response.req.url === '/open') response.setHeader('cache-control', 's-maxage=30');
    response.end('text');
  });
  const authorized = { headers: { authorization: 'Bearer x' } };
  for (let i = 0; i < 2; i += 1) {
    expect((await fetch(`${url}/closed`)).headers.get('x-cache')).toBe('Miss from edge');
    expect((await fetch(`${url}/open`, authorized)).headers.get('x-cache')).toBe('Pass from edge');
    expect((await fetch(`${url}/open`, { method: 'POST' })).headers.get('x-cache')).toBe('Pass from edge');
  }
  expect(origin.requests).toHaveLength(6);
});

test('does not give the cached answer to a request with authorization', async () => {
  const { url, origin } = await edgeBefore(cacheable);
  await fetch(`${url}/x`);
  await fetch(`${url}/x`, { headers: { authorization: 'Bearer x' } });
  expect(origin.requests).toHaveLength(2);
});

test('does not share an answer that is not cacheable between requests at the same time', async () => {
  let number = 0;
  const { url } = await edgeBefore((response) => {
    number += 1;
    setTimeout(() => response.setHeader('cache-control', 'no-store').end(String(number)), 20);
  });
  const answers = await Promise.all(Array.from({ length: 10 }, () => text(`${url}/x`)));
  expect(number).toBe(10);
  expect(answers).toHaveLength(10);
});

test('a purge of one path leaves the others', async () => {
  const { url, edge, origin } = await edgeBefore(cacheable);
  for (const path of ['/a/1', '/a/2', '/b']) await fetch(url + path);
  expect(edge.purge(['/a*'])).toBe(2);
  expect((await fetch(`${url}/b`)).headers.get('x-cache')).toBe('Hit from edge');
  expect((await fetch(`${url}/a/1`)).headers.get('x-cache')).toBe('Miss from edge');
  expect(origin.requests).toHaveLength(4);
});

test('does not keep what was fetched before a purge and arrives after it', async () => {
  const held: ServerResponse[] = [];
  const { url, edge, origin } = await edgeBefore((response) => held.push(response));
  const before = text(`${url}/x`);
  await expect.poll(() => held.length).toBe(1);
  edge.purge(['/*']);
  const after = text(`${url}/x`);
  await expect.poll(() => held.length).toBe(2);
  for (const [i, response] of held.entries())
    response.setHeader('cache-control', 's-maxage=30').end(`answer ${i}`);
  expect(await before).toBe('answer 0');
  expect(await after).toBe('answer 1');
  expect(await text(`${url}/x`)).toBe('answer 1');
  expect(origin.requests).toHaveLength(2);
});

test.each<[number, string, Record<string, string>]>([
  [405, 'PURGE', {}],
  [403, 'PURGE', { 'x-purge-key': 'guessed' }],
  [405, 'BAN', { 'x-ban-pattern': '/*' }],
  [403, 'BAN', { 'x-ban-pattern': '/*', 'x-purge-key': 'guessed' }],
  [400, 'BAN', { 'x-purge-key': 'sandbox' }],
  [400, 'BAN', { 'x-ban-pattern': '.*', 'x-purge-key': 'sandbox' }],
  [400, 'MYTH', { 'x-purge-key': 'sandbox' }],
])('answers %d to %s with %j, and forgets nothing', async (status, method, headers) => {
  const { url, origin } = await edgeBefore(cacheable);
  await fetch(`${url}/x`);
  expect((await fetch(`${url}/x`, { method, headers })).status).toBe(status);
  expect((await fetch(`${url}/x`)).headers.get('x-cache')).toBe('Hit from edge');
  expect(origin.requests).toHaveLength(1);
});

test('PURGE forgets one path and BAN whatever matches, and nothing of it reaches the origin', async () => {
  const purged: unknown[] = [];
  const { url, origin } = await edgeBefore(cacheable, { purged: (...told) => purged.push(told) });
  const paths = ['/a/1', '/a/2', '/a/2?x=1', '/b'];
  const hits = async () => {
    const answers = await Promise.all(paths.map((path) => fetch(url + path)));
    return answers.map(({ headers }) => headers.get('x-cache')?.split(' ')[0]);
  };
  const forget = async (method: string, path: string, headers = {}) => {
    const answer = await fetch(url + path, { method, headers: { 'x-purge-key': 'sandbox', ...headers } });
    return [answer.status, await answer.text()];
  };
  await hits();
  expect(await forget('PURGE', '/a/2')).toEqual([200, 'Purged 1 entries.\n']);
  expect(await forget('PURGE', '/a/*')).toEqual([400, expect.stringContaining('BAN')]);
  expect(await hits()).toEqual(['Hit', 'Miss', 'Hit', 'Hit']);
  expect(await forget('BAN', '/', { 'x-ban-pattern': '/a/2*' })).toEqual([200, 'Purged 2 entries.\n']);
  expect(await hits()).toEqual(['Hit', 'Miss', 'Miss', 'Hit']);
  expect(origin.requests.filter((request) => !request.startsWith('GET'))).toEqual([]);
  expect(purged).toEqual([
    [['/a/2'], 1],
    [['/a/2*'], 2],
  ]);
});

test('an edge that ignores purges takes each of them, tells of none, and serves what it kept', async () => {
  const purged: unknown[] = [];
  const { url, edge } = await edgeBefore(cacheable, { ignoresPurges: true, purged: () => purged.push(1) });
  await fetch(`${url}/x`);
  const answer = await fetch(`${url}/x`, { method: 'PURGE', headers: { 'x-purge-key': 'sandbox' } });
  expect(answer.status).toBe(200);
  expect(edge.purge(['/*'])).toBe(0);
  expect((await fetch(`${url}/x`)).headers.get('x-cache')).toBe('Hit from edge');
  expect(purged).toEqual([]);
});

test('answers 413 to a body of more than 1 MB, and the next request all the same', async () => {
  const { url, origin } = await edgeBefore(cacheable);
  const body = 'x'.repeat(1_048_577);
  expect((await fetch(url, { method: 'POST', body })).status).toBe(413);
  expect((await fetch(url, { method: 'POST', body: body.slice(1) })).status).toBe(200);
  expect(origin.requests).toHaveLength(1);
});

test('answers 503 beyond 256 fetches at once, and serves again when they are answered', async () => {
  const held: ServerResponse[] = [];
  const { url } = await edgeBefore((response) => held.push(response));
  const waiting = Array.from({ length: 256 }, (_, i) => text(`${url}/${i}`));
  await expect.poll(() => held.length, { timeout: 5_000 }).toBe(256);
  expect((await fetch(`${url}/more`)).status).toBe(503);
  for (const response of held.splice(0)) response.end('late');
  expect(new Set(await Promise.all(waiting))).toEqual(new Set(['late']));
  const next = text(`${url}/more`);
  await expect.poll(() => held.length).toBe(1);
  held[0]?.end('served');
  expect(await next).toBe('served');
});

test('answers 502 when the origin drops the connection and 504 when it does not answer', async () => {
  const { url } = await edgeBefore(
    (response) => {
      if (response.req.url === '/drop') response.destroy();
      if (response.req.url === '/cut')
        response.writeHead(200, { 'content-length': 10 }).write('half', () => response.destroy());
    },
    { answerTimeoutMs: 100 },
  );
  const answers = await Promise.all(['/drop', '/cut', '/hang'].map((path) => fetch(url + path)));
  expect(answers.map(({ status }) => status)).toEqual([502, 502, 504]);
  expect(answers.map(({ headers }) => headers.get('x-cache'))).toEqual(Array(3).fill('Error from edge'));
});

test('gives a kept answer again, with its age, and lets one of fifty equal misses fetch for all', async () => {
  const { url, origin } = await edgeBefore((response) => setTimeout(() => cacheable(response), 20));
  const answers = await Promise.all(Array.from({ length: 50 }, () => fetch(`${url}/x?y=1`)));
  expect(origin.requests).toEqual(['GET /x?y=1']);
  expect(answers.filter(({ headers }) => headers.get('x-cache') === 'Miss from edge')).toHaveLength(1);
  const again = await fetch(`${url}/x?y=1`);
  expect([again.headers.get('x-cache'), again.headers.get('age'), await again.text()]).toEqual([
    'Hit from edge',
    '0',
    'text',
  ]);
});

test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
  'forwards %s with its body, headers and query',
  async (method) => {
    const { url } = await edgeBefore(async (response) => {
      let body = '';
      for await (const chunk of response.req) body += chunk;
      const { method: seen, url: path, headers } = response.req;
      response.writeHead(201, { 'x-seen': `${seen} ${path} ${headers['x-mine']}` }).end(body);
    });
    const answer = await fetch(`${url}/x?y=1`, { method, body: 'text', headers: { 'x-mine': '1' } });
    expect([answer.status, answer.headers.get('x-seen'), await answer.text()]).toEqual([
      201,
      `${method} /x?y=1 1`,
      'text',
    ]);
  },
);

test('answers HEAD without a body and with the length that GET would have', async () => {
  const { url } = await edgeBefore(cacheable);
  const answer = await fetch(`${url}/x`, { method: 'HEAD' });
  expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([200, '4', '']);
});

async function edgeBefore(
  handle: (response: ServerResponse) => void,
  more: Partial<EdgeOptions> = {},
): Promise<{ url: string; edge: Edge; origin: Origin }> {
  const origin = await startOrigin((_, response) => handle(response));
  const edge = await startEdge({ port: 0, originPort: origin.port, answerTimeoutMs: 10_000, ...more });
  open.push(edge, origin);
  return { url: `http://127.0.0.1:${edge.port}`, edge, origin };
}

function cacheable(response: ServerResponse): void {
  response.writeHead(200, { 'cache-control': 'public, s-maxage=30', 'content-length': 4 }).end('text');
}

async function text(url: string): Promise<string> {
  return (await fetch(url)).text();
}
