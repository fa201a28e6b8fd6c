import { expect, test } from 'vitest';
import { startRig } from '../../fixtures/rig.ts';
import { apiOf } from './fixtures/api.ts';

test.each([
  ['a plan that is not deployed', { plan: 'elsewhere' }, 'plan'],
  ['a plan beside the others', { plan: '../shop' }, 'plan'],
  ['a release that is not in the plan', { plan: 'shop', knownBad: 'v9' }, 'knownBad'],
  ['a release that every object has', { plan: 'shop', knownBad: 'constructor' }, 'knownBad'],
])('no drill starts of %s', async (_, body, field) => {
  const api = apiOf(startRig());
  expect(await api.call('POST', '/drills', { body })).toMatchObject({
    status: 400,
    document: { errors: [{ in: 'body', field, message: expect.any(String) }] },
  });
  expect(api.started.size).toBe(0);
});

test('no drill starts under a key that cannot be told apart from others', async () => {
  const api = apiOf(startRig());
  for (const key of ['', ' ', 'a b', 'x'.repeat(201)])
    expect(
      await api.call('POST', '/drills', { body: { plan: 'shop' }, headers: { 'idempotency-key': key } }),
    ).toMatchObject({ status: 400, document: { errors: [{ in: 'header' }] } });
  expect(api.started.size).toBe(0);
});

test('a request that is sent again with its key starts no second drill, and another request none in its place', async () => {
  const rig = startRig();
  const api = apiOf(rig);
  const headers = { 'idempotency-key': 'release-42' };
  const first = await api.call('POST', '/drills', { body: { plan: 'shop' }, headers });
  await rig.clock.advance(60_000);
  const again = await api.call('POST', '/drills', { body: { plan: 'shop' }, headers });
  expect([first.status, again.status]).toEqual([202, 202]);
  expect(again.headers.location).toBe(first.headers.location);
  expect(api.started.size).toBe(1);
  await api.call('POST', '/drills', { body: { plan: 'shop' }, headers, as: 'eve' });
  expect(api.started.size).toBe(2);
});

test('a key that was used for something else is told of, with the drill that it stands for', async () => {
  const api = apiOf(startRig(), (ports) => ({ ...ports, starts: { start: async () => 'taken' } }));
  const headers = { 'idempotency-key': 'release-42' };
  expect(await api.call('POST', '/drills', { body: { plan: 'shop' }, headers })).toMatchObject({
    status: 409,
    headers: { location: expect.stringMatching(/^\/drills\/shop-[0-9a-f]{20}$/) },
  });
});

test('a drill is started by whoever has signed, and Location tells where it is', async () => {
  const api = apiOf(startRig());
  const answer = await api.call('POST', '/drills', { body: { plan: 'shop' }, as: 'eve' });
  const [[id, request] = []] = [...api.started];
  expect(request).toEqual({ plan: 'shop', knownBad: 'v5-bad', startedBy: 'user/eve' });
  expect(answer).toMatchObject({
    status: 202,
    headers: { location: `/drills/${id}` },
    document: { drill: id, plan: 'shop', knownBad: 'v5-bad', by: 'user/eve' },
  });
  expect(id).toBe('shop-20261103T100000000Z');
});
