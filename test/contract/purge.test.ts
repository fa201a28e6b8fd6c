import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import * as clients from '../../lib/adapters/aws/clients.ts';
import { cloudFrontPurge } from '../../lib/adapters/aws/cloudfront-purge.ts';
import { httpPurge } from '../../lib/adapters/http/purge.ts';
import type { Purged } from '../../lib/ports/validations.ts';
import { startGateway } from '../../sandbox/aws/gateway.ts';
import { startCloudFront } from '../../sandbox/cloudfront/service.ts';
import { environmentFor } from '../../sandbox/stores.ts';
import { startEdge } from '../../sandbox/traffic/edge.ts';
import { nobody } from '../lib/adapters/http/servers.ts';
import { startOrigin } from '../sandbox/traffic/origin.ts';

const DISTRIBUTION = 'E1SANDBOXEDGE';

interface World {
  /** What users get for that path, and the release that made it. */
  get(path: string): Promise<string | null>;
  release: string;
  purge(paths: readonly string[], reference?: string): Promise<Purged>;
  /** A purge that whoever asks may not do. */
  refused(): Promise<Purged>;
  /** A purge of a cache that does not answer. */
  unanswered(): Promise<Purged>;
  /** A purge by somebody who has no time left. */
  stopped(): Promise<Purged>;
  close(): Promise<void>;
}

describe.each([
  ['CloudFront', onCloudFront],
  ['HTTP PURGE', (cache: Cache) => onHttp(cache, 'PURGE')],
  ['HTTP BAN', (cache: Cache) => onHttp(cache, 'BAN')],
])('a purge: %s', (_, open) => {
  let world: World;

  beforeEach(async () => {
    world = await open(await startCache());
    await world.get('/catalogue');
    await world.get('/other');
    world.release = 'v4';
  });

  afterEach(() => world.close());

  test('that is refused forgets nothing, and says why', async () => {
    expect(await world.refused()).toMatchObject({ kind: 'refused', reason: expect.stringMatching(/./) });
    expect(await world.get('/catalogue')).toBe('v5-bad');
  });

  test('of a cache that does not answer is not taken for one that was done', async () =>
    expect(await world.unanswered()).toMatchObject({ kind: 'unanswered' }));

  test('that is stopped is not taken for one that was done', async () =>
    expect(await world.stopped()).toMatchObject({ kind: 'unanswered' }));

  test('makes the edge forget what it names, and nothing else', async () => {
    expect(await world.get('/catalogue')).toBe('v5-bad');
    expect(await world.purge(['/catalogue'])).toMatchObject({ kind: 'accepted' });
    await vi.waitFor(async () => expect(await world.get('/catalogue')).toBe('v4'));
    expect(await world.get('/other')).toBe('v5-bad');
  });

  test('may be asked for again', async () => {
    const first = await world.purge(['/catalogue'], 'drill-1/edge/1');
    expect(await world.purge(['/catalogue'], 'drill-1/edge/1')).toMatchObject({ kind: first.kind });
    await vi.waitFor(async () => expect(await world.get('/catalogue')).toBe('v4'));
  });
});

test('CloudFront tells the invalidation that there is, and refuses other paths under its reference', async () => {
  const world = await onCloudFront(await startCache());
  const id = (purged: Purged) => (purged.kind === 'accepted' ? purged.told.split(' ')[1] : purged.reason);
  const first = id(await world.purge(['/a'], 'drill-1/edge/1'));
  expect(id(await world.purge(['/a'], 'drill-1/edge/1'))).toBe(first);
  expect(id(await world.purge(['/a'], 'drill-1/edge/2'))).not.toBe(first);
  expect(await world.purge(['/b'], 'drill-1/edge/1')).toEqual({
    kind: 'refused',
    reason: 'CreateInvalidation: InvalidationBatchAlreadyExists',
  });
  await world.close();
});

type Cache = Awaited<ReturnType<typeof startCache>>;

/** A real edge that keeps answers of the bad release. */
async function startCache() {
  const state = { release: 'v5-bad' };
  const origin = await startOrigin((_, response) =>
    response.setHeader('x-release', state.release).setHeader('cache-control', 'public, s-maxage=60').end(),
  );
  const edge = await startEdge({ port: 0, originPort: origin.port });
  const url = `http://127.0.0.1:${edge.port}`;
  return {
    state,
    edge,
    origin,
    url,
    get: async (path: string) => (await fetch(url + path)).headers.get('x-release'),
    async close() {
      await edge.close();
      await origin.close();
    },
  };
}

async function onHttp({ url, get, state, close }: Cache, method: 'PURGE' | 'BAN'): Promise<World> {
  const ask = httpPurge({ now: Date.now });
  const secrets = new Map([['secret:key', 'sandbox']]);
  const purging = { reference: 'drill-1/edge/1', secrets, signal: new AbortController().signal };
  const of = (at: string, path: string, key = '{{secret:key}}') => ({
    kind: 'http' as const,
    method,
    urls: [at + path],
    headers: { 'x-purge-key': key, ...(method === 'BAN' ? { 'x-ban-pattern': path } : {}) },
    status: [200],
  });
  const path = '/catalogue';
  return {
    get,
    set release(release: string) {
      state.release = release;
    },
    async purge([first = '/']) {
      return ask(of(url, first), purging);
    },
    refused: () => ask(of(url, path, 'wrong'), purging),
    unanswered: async () => ask(of(await nobody(), path), purging),
    stopped: () => ask(of(url, path), { ...purging, signal: AbortSignal.abort() }),
    close,
  };
}

async function onCloudFront({ url, edge, origin, get, state, close }: Cache): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'purge-'));
  const places = { url, originUrl: `http://127.0.0.1:${origin.port}` };
  const purge = async (patterns: readonly string[]) => edge.purge(patterns);
  const service = startCloudFront({ directory, edge: { ...places, purge }, delayMs: 1 });
  const gateway = await startGateway({ cloudfront: service.endpoint });
  const clientFor = (endpoint: string) => {
    for (const [name, value] of Object.entries(environmentFor(endpoint))) vi.stubEnv(name, value);
    return clients.cloudFront();
  };
  const cloudFront = clientFor(gateway.url);
  const ask = cloudFrontPurge(cloudFront);
  const of = (paths: readonly string[], distribution = DISTRIBUTION) => ({
    kind: 'cloud-front' as const,
    distribution,
    paths: [...paths],
  });
  const purging = { reference: 'drill-1/edge/1', secrets: new Map(), signal: new AbortController().signal };
  return {
    get,
    set release(release: string) {
      state.release = release;
    },
    purge: (paths, reference = purging.reference) => ask(of(paths), { ...purging, reference }),
    refused: () => ask(of(['/*'], 'E9NOBODYS'), purging),
    async unanswered() {
      const lost = clientFor(await nobody());
      return cloudFrontPurge(lost)(of(['/*']), purging).finally(() => lost.destroy());
    },
    stopped: () => ask(of(['/*']), { ...purging, signal: AbortSignal.abort() }),
    async close() {
      cloudFront.destroy();
      service.close();
      await gateway.close();
      await close();
      await rm(directory, { recursive: true, force: true });
      vi.unstubAllEnvs();
    },
  };
}
