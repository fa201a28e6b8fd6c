import { afterEach, expect, test } from 'vitest';
import { countByHttp } from '../../../../lib/adapters/http/counter.ts';
import { type Served, serve } from './servers.ts';

const WINDOW = {
  since: Date.parse('2026-11-03T10:00:20.000Z'),
  until: Date.parse('2026-11-03T10:03:00.000Z'),
};
let served: Served | undefined;
afterEach(() => served?.close());

async function count(status: number, body: string, seen: string[] = []): Promise<number> {
  served = await serve((request, response) => {
    seen.push(request.url ?? '');
    response.writeHead(status).end(body);
  });
  const url = `${served.url}/orders?since={{since}}&until={{until}}`;
  return countByHttp(
    { url, headers: {}, json: '$.orders.count' },
    WINDOW,
    { now: Date.now },
    new AbortController().signal,
  );
}

test.each([
  [200, '{"orders":{"count":-1}}', 'the answer has number at $.orders.count, expected a whole number'],
  [200, '{"orders":{"count":"7"}}', 'the answer has text at $.orders.count, expected a whole number'],
  [200, '{"orders":{}}', 'the answer has nothing at $.orders.count, expected a whole number'],
  [200, 'seven', 'the answer has nothing'],
  [503, '{"orders":{"count":7}}', 'status 503, expected 200'],
])('does not count %i %s', async (status, body, reason) => {
  await expect(count(status, body)).rejects.toThrow(reason);
});

test('does not count what is not answered', async () => {
  const source = { url: 'http://127.0.0.1:1/', headers: {}, json: '$' };
  await expect(
    countByHttp(source, WINDOW, { now: Date.now }, new AbortController().signal),
  ).rejects.toThrow();
});

test('asks for the time in which the known-bad release was live', async () => {
  const seen: string[] = [];
  expect(await count(200, '{"orders":{"count":7}}', seen)).toBe(7);
  expect(seen).toEqual(['/orders?since=2026-11-03T10%3A00%3A20.000Z&until=2026-11-03T10%3A03%3A00.000Z']);
});
