import {
  CloudFrontClient,
  CreateInvalidationCommand,
  DeleteDistributionCommand,
  GetDistributionCommand,
  GetInvalidationCommand,
  ListDistributionsCommand,
  ListInvalidationsCommand,
} from '@aws-sdk/client-cloudfront';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type CloudFront,
  type CloudFrontEdge,
  startCloudFront,
} from '../../../sandbox/cloudfront/service.ts';
import { type Edge, startEdge } from '../../../sandbox/traffic/edge.ts';
import { type Served, serve } from '../fixtures/served.ts';
import { type Origin, startOrigin } from '../traffic/origin.ts';

const DistributionId = 'E1SANDBOXEDGE';
const CREATED_MS = Date.UTC(2026, 10, 21, 12);
const AN_HOUR_MS = 3_600_000;
let origin: Origin;
let edge: Edge;
let url: string;
let service: CloudFront;
let served: Served;
let client: CloudFrontClient;

beforeEach(async () => {
  origin = await startOrigin((_, response) => {
    response.writeHead(200, { 'cache-control': 'public, s-maxage=30' }).end('text');
  });
  edge = await startEdge({ port: 0, originPort: origin.port });
  url = `http://127.0.0.1:${edge.port}`;
  served = await serve(() => ({ cloudfront: (request) => service.endpoint(request) }));
  client = new CloudFrontClient(served.configuration);
  start(AN_HOUR_MS);
});

afterEach(async () => {
  service.close();
  client.destroy();
  for (const it of [served, edge, origin]) await it.close();
});

/** Again after a restart, when there was one before. */
function start(delayMs: number, purge: CloudFrontEdge['purge'] = async (patterns) => edge.purge(patterns)) {
  service?.close();
  const places = { url, originUrl: `http://127.0.0.1:${origin.port}` };
  const { directory } = served;
  service = startCloudFront({ directory, edge: { ...places, purge }, delayMs, now: () => CREATED_MS });
}

const invalidate = (Items: string[], CallerReference = 'drill-1', Quantity = Items.length) =>
  client.send(
    new CreateInvalidationCommand({
      DistributionId,
      InvalidationBatch: { CallerReference, Paths: { Quantity, Items } },
    }),
  );
const get = (Id = '') => client.send(new GetInvalidationCommand({ DistributionId, Id }));
const status = async (Id?: string) => (await get(Id)).Invalidation?.Status;
const cached = async (path: string) => (await fetch(url + path)).headers.get('x-cache') === 'Hit from edge';

test('an invalidation is not completed before the edge has forgotten, and nothing else is forgotten', async () => {
  const asked = Promise.withResolvers<void>();
  const purging = Promise.withResolvers<void>();
  start(1, async (patterns) => {
    asked.resolve();
    await purging.promise;
    edge.purge(patterns);
  });
  for (const path of ['/a', '/a?x=1', '/b/1', '/b/2', '/c']) await fetch(url + path);
  const { Invalidation } = await invalidate(['/a', '/b/*']);
  await asked.promise;
  expect(await status(Invalidation?.Id)).toBe('InProgress');
  expect(await cached('/a')).toBe(true);
  purging.resolve();
  await expect.poll(() => status(Invalidation?.Id)).toBe('Completed');
  expect(await cached('/a')).toBe(false);
  expect(await cached('/a?x=1')).toBe(true);
  expect(await cached('/b/2')).toBe(false);
  expect(await cached('/c')).toBe(true);
});

test('stays in progress while the edge cannot be reached', async () => {
  const attempted = Promise.withResolvers<void>();
  start(1, async () => {
    attempted.resolve();
    throw new Error('The edge ended before it purged.');
  });
  const { Invalidation } = await invalidate(['/a']);
  await attempted.promise;
  expect(await status(Invalidation?.Id)).toBe('InProgress');
});

test('the same invalidation asked for twice is carried out once, in whatever order its paths are', async () => {
  const purges: unknown[] = [];
  start(1, async (patterns) => purges.push(patterns));
  const first = await invalidate(['/a', '/b']);
  const second = await invalidate(['/b', '/a']);
  expect(second.Invalidation?.Id).toBe(first.Invalidation?.Id);
  await expect.poll(() => status(first.Invalidation?.Id)).toBe('Completed');
  expect((await invalidate(['/a', '/b'])).Invalidation).toMatchObject({ Status: 'Completed' });
  expect(purges).toEqual([['/a', '/b']]);
});

test('refuses other paths under a reference that was used', async () => {
  await invalidate(['/a']);
  await expect(invalidate(['/a', '/b'])).rejects.toMatchObject({
    name: 'InvalidationBatchAlreadyExists',
    $metadata: { httpStatusCode: 400 },
  });
});

test.each<[string, number, string[], number?]>([
  ['InconsistentQuantities', 400, ['/a'], 2],
  ['InvalidArgument', 400, []],
  ['InvalidArgument', 400, ['a']],
  ['InvalidArgument', 400, ['/a', '/*.css']],
  ['InvalidArgument', 400, ['/a b']],
  ['BatchTooLarge', 413, Array.from({ length: 3_001 }, (_, i) => `/${i}`)],
  ['TooManyInvalidationsInProgress', 400, Array.from({ length: 16 }, (_, i) => `/${i}*`)],
])('refuses with %s (%d)', async (name, httpStatusCode, paths, quantity = paths.length) => {
  await expect(invalidate(paths, 'drill-1', quantity)).rejects.toMatchObject({
    name,
    message: expect.stringMatching(/\w/),
    $metadata: { httpStatusCode },
  });
  expect(
    (await client.send(new ListInvalidationsCommand({ DistributionId }))).InvalidationList?.Items,
  ).toEqual(undefined);
});

test('counts what is in progress: files and wildcards apart', async () => {
  await invalidate(
    Array.from({ length: 3_000 }, (_, i) => `/${i}`),
    'files',
  );
  await invalidate(
    Array.from({ length: 15 }, (_, i) => `/${i}/*`),
    'wildcards',
  );
  for (const path of ['/a', '/a*'])
    await expect(invalidate([path])).rejects.toMatchObject({ name: 'TooManyInvalidationsInProgress' });
});

test('finds no other distribution and no unknown invalidation', async () => {
  const other = new GetDistributionCommand({ Id: 'E2OTHER' });
  await expect(client.send(other)).rejects.toMatchObject({
    name: 'NoSuchDistribution',
    $metadata: { httpStatusCode: 404 },
  });
  await expect(get('I1')).rejects.toMatchObject({ name: 'NoSuchInvalidation' });
  await expect(client.send(new DeleteDistributionCommand({ Id: DistributionId }))).rejects.toMatchObject({
    name: 'UnsupportedOperation',
  });
});

test('goes on with what was in progress when it was killed', async () => {
  await fetch(`${url}/ä&b`);
  const { Invalidation, Location } = await invalidate(['/%C3%A4&b']);
  expect(Location).toMatch(
    new RegExp(`/2020-05-31/distribution/${DistributionId}/invalidation/${Invalidation?.Id}$`),
  );
  start(1);
  await expect.poll(() => status(Invalidation?.Id)).toBe('Completed');
  expect(await cached('/ä&b')).toBe(false);
  expect((await get(Invalidation?.Id)).Invalidation).toEqual({
    Id: Invalidation?.Id,
    Status: 'Completed',
    CreateTime: new Date(CREATED_MS),
    InvalidationBatch: { CallerReference: 'drill-1', Paths: { Quantity: 1, Items: ['/%C3%A4&b'] } },
  });
});

test('lists invalidations, the newest first, page by page', async () => {
  const ids: (string | undefined)[] = [];
  for (const reference of ['1', '2', '3'])
    ids.unshift((await invalidate(['/a'], reference)).Invalidation?.Id);
  const list = async (Marker?: string) =>
    (await client.send(new ListInvalidationsCommand({ DistributionId, MaxItems: 2, Marker })))
      .InvalidationList;
  const first = await list();
  expect(first).toMatchObject({ MaxItems: 2, IsTruncated: true, Quantity: 2, NextMarker: ids[1] });
  const second = await list(first?.NextMarker);
  expect(second).toMatchObject({ IsTruncated: false, Quantity: 1 });
  expect([...(first?.Items ?? []), ...(second?.Items ?? [])]).toEqual(
    ids.map((Id) => ({ Id, Status: 'InProgress', CreateTime: new Date(CREATED_MS) })),
  );
});

test('tells of the one distribution, where users reach it and where it fetches', async () => {
  await invalidate(['/a']);
  const { Distribution, ETag } = await client.send(new GetDistributionCommand({ Id: DistributionId }));
  const { DistributionList } = await client.send(new ListDistributionsCommand({}));
  const common = {
    Id: DistributionId,
    ARN: `arn:aws:cloudfront::000000000000:distribution/${DistributionId}`,
    Status: 'Deployed',
    DomainName: `127.0.0.1:${edge.port}`,
  };
  const Origins = { Items: [{ CustomOriginConfig: { HTTPPort: origin.port } }] };
  expect(Distribution).toMatchObject({
    ...common,
    InProgressInvalidationBatches: 1,
    DistributionConfig: { Enabled: true, Origins },
  });
  expect(ETag).toBeTruthy();
  expect(DistributionList).toMatchObject({ Quantity: 1, IsTruncated: false });
  expect(DistributionList?.Items).toMatchObject([{ ...common, Enabled: true, Origins }]);
});
