import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf, type Stage, startStage } from './client.ts';

const Bucket = 'receipts';
let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
  await stage.client.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => stage.end());

test('reads ranges', async () => {
  await put('digits', '0123456789');
  const range = async (Range: string) => {
    const object = await stage.client.send(new GetObjectCommand({ Bucket, Key: 'digits', Range }));
    return [object.ContentRange, await object.Body?.transformToString()];
  };
  expect(await range('bytes=2-4')).toEqual(['bytes 2-4/10', '234']);
  expect(await range('bytes=7-')).toEqual(['bytes 7-9/10', '789']);
  expect(await range('bytes=-3')).toEqual(['bytes 7-9/10', '789']);
  expect(await range('bytes=8-99')).toEqual(['bytes 8-9/10', '89']);
  expect(await failureOf(range('bytes=10-'))).toMatchObject({ name: 'InvalidRange' });
});

test('answers conditional reads', async () => {
  const { ETag } = await put('conditional', 'x');
  const read = (conditions: object) =>
    failureOf(stage.client.send(new GetObjectCommand({ Bucket, Key: 'conditional', ...conditions })));
  expect(await read({ IfMatch: ETag })).toBeUndefined();
  expect(await read({ IfMatch: '"other"' })).toMatchObject({ name: 'PreconditionFailed' });
  expect(await read({ IfNoneMatch: ETag })).toMatchObject({ $metadata: { httpStatusCode: 304 } });
  expect(await read({ IfModifiedSince: new Date(Date.now() + 60_000) })).toMatchObject({
    $metadata: { httpStatusCode: 304 },
  });
  expect(await read({ IfUnmodifiedSince: new Date(0) })).toMatchObject({ name: 'PreconditionFailed' });
});

describe('a presigned URL', () => {
  test('reads and writes for as long as it is valid', async () => {
    const ofNothing = { 'x-amz-sdk-checksum-algorithm': 'CRC32', 'x-amz-checksum-crc32': 'AAAAAA==' };
    const upload = await presigned('PUT', 'shared', { 'x-amz-meta-by': 'link', ...ofNothing });
    expect((await fetch(upload, { method: 'PUT', body: 'by link' })).status).toBe(200);
    const download = await presigned('GET', 'shared');
    const response = await fetch(download);
    expect(await response.text()).toBe('by link');
    expect(response.headers.get('x-amz-meta-by')).toBe('link');
  });

  test('is refused once it has expired', async () => {
    const download = await presigned('GET', 'shared');
    stage.clock.aheadMs = 61_000;
    const response = await fetch(download);
    stage.clock.aheadMs = 0;
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('<Message>Request has expired</Message>');
  });
});

function put(Key: string, Body: string) {
  return stage.client.send(new PutObjectCommand({ Bucket, Key, Body }));
}

/** A URL for one minute, made by the client's own signer. */
async function presigned(method: string, key: string, query: Record<string, string> = {}) {
  const signer = await stage.client.config.signer();
  const { hostname, port, host } = new URL(stage.url);
  const path = `/${Bucket}/${key}`;
  const request = { method, protocol: 'http:', hostname, port: Number(port), path, query, headers: { host } };
  if (!('presign' in signer) || typeof signer.presign !== 'function')
    throw new Error('The signer cannot presign.');
  const { query: signed } = await signer.presign(request, { expiresIn: 60 });
  return `${stage.url}${path}?${new URLSearchParams(signed)}`;
}
