import { createHash } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  ChecksumAlgorithm,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchBucket,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf, type Stage, startStage } from './client.ts';

const Bucket = 'receipts';
let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
  await stage.client.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => stage.end());

describe('refuses', () => {
  test('buckets and keys that are not there', async () => {
    const missing = { Bucket: 'nowhere', Key: 'a' };
    expect(await failureOf(stage.client.send(new GetObjectCommand(missing)))).toBeInstanceOf(NoSuchBucket);
    expect(await failureOf(put('a', 'x', { Bucket: 'nowhere' }))).toBeInstanceOf(NoSuchBucket);
    expect(await failureOf(stage.client.send(new HeadBucketCommand(missing)))).toBeInstanceOf(NotFound);
    expect(await failureOf(get('absent'))).toBeInstanceOf(NoSuchKey);
    const head = new HeadObjectCommand({ Bucket, Key: 'absent' });
    expect(await failureOf(stage.client.send(head))).toBeInstanceOf(NotFound);
  });

  test('a second object under a key that must be new', async () => {
    await put('once', 'first', { IfNoneMatch: '*' });
    expect(await failureOf(put('once', 'second', { IfNoneMatch: '*' }))).toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    });
    expect(await text('once')).toBe('first');
  });

  test('all but one of ten racing puts under a new key', async () => {
    const racers = Array.from({ length: 10 }, (_, n) => put('race', `racer ${n}`, { IfNoneMatch: '*' }));
    const results = await Promise.allSettled(racers);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('all but one of ten racing replacements of the same object', async () => {
    const { ETag } = await put('replaced', 'before');
    const racers = Array.from({ length: 10 }, (_, n) => put('replaced', `racer ${n}`, { IfMatch: ETag }));
    const results = await Promise.allSettled(racers);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await failureOf(put('never', 'x', { IfMatch: ETag }))).toMatchObject({ name: 'NoSuchKey' });
  });

  test('a body that is not what its digests say', async () => {
    const wrong = { ChecksumSHA256: createHash('sha256').update('other').digest('base64') };
    expect(await failureOf(put('bad', 'body', wrong))).toMatchObject({ name: 'BadDigest' });
    const md5 = { ContentMD5: createHash('md5').update('other').digest('base64') };
    expect(await failureOf(put('bad', 'body', md5))).toMatchObject({ name: 'BadDigest' });
    expect(await failureOf(put('bad', 'body', { ContentMD5: 'short' }))).toMatchObject({
      name: 'InvalidDigest',
    });
    expect(await failureOf(get('bad'))).toBeInstanceOf(NoSuchKey);
  });

  test('a streamed body that was altered on its way', async () => {
    const body = '4\r\nbody\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n';
    const response = await send('PUT', 'altered', body, {
      'x-amz-trailer': 'x-amz-checksum-crc32',
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    });
    expect(await response.text()).toContain('<Code>BadDigest</Code>');
    const torn = await send('PUT', 'altered', '8\r\nbody', {
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    });
    expect(await torn.text()).toContain('<Code>IncompleteBody</Code>');
  });

  test('what it does not do, instead of ignoring it', async () => {
    const requests = [
      stage.client.send(new GetBucketPolicyCommand({ Bucket })),
      stage.client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'big' })),
      put('tagged', 'x', { Tagging: 'a=b' }),
      put('encrypted', 'x', { ServerSideEncryption: 'aws:kms' }),
      put('summed', 'x', { ChecksumCRC64NVME: 'AAAAAAAAAAA=' }),
      stage.client.send(new GetObjectCommand({ Bucket, Key: 'once', PartNumber: 1 })),
      stage.client.send(new DeleteObjectCommand({ Bucket, Key: 'once', IfMatch: '*' })),
    ];
    for (const failure of await Promise.all(requests.map(failureOf)))
      expect(failure).toMatchObject({
        name: 'NotImplemented',
        $metadata: { httpStatusCode: 501 },
      });
  });

  test('nonsense without falling over', async () => {
    const broken = ['<', '<Delete>', '<Delete></Other>', 'text', '<Delete><Object/></Delete>', '&#x110000;'];
    const headers = { 'content-md5': '' };
    for (const body of broken) {
      headers['content-md5'] = createHash('md5').update(body).digest('base64');
      const response = await fetch(`${stage.url}/${Bucket}?delete`, { method: 'POST', body, headers });
      expect(response.status, body).toBe(400);
    }
    expect((await fetch(`${stage.url}/${Bucket}/%E0%A4%A`)).status).toBe(400);
    expect((await fetch(`${stage.url}/${Bucket}/once?response-content-type=a%0Ab`)).status).toBe(400);
    expect((await fetch(`${stage.url}/${Bucket}/${'k'.repeat(1025)}`)).status).toBe(400);
  });
});

test('gives back the body, its headers and its metadata', async () => {
  await put('report.html', '<p>naïve</p>', {
    ContentType: 'text/html; charset=utf-8',
    CacheControl: 'no-store',
    ContentDisposition: 'inline',
    Metadata: { drill: '007' },
  });
  const object = await get('report.html');
  expect(object).toMatchObject({
    ContentType: 'text/html; charset=utf-8',
    CacheControl: 'no-store',
    ContentDisposition: 'inline',
    Metadata: { drill: '007' },
    ContentLength: 13,
    ETag: `"${createHash('md5').update('<p>naïve</p>').digest('hex')}"`,
  });
  expect(await object.Body?.transformToString()).toBe('<p>naïve</p>');
  const head = await stage.client.send(new HeadObjectCommand({ Bucket, Key: 'report.html' }));
  expect(head).toMatchObject({ ContentLength: 13, ETag: object.ETag, Metadata: { drill: '007' } });
  expect(head.VersionId).toBeUndefined();
});

test.each(['CRC32', 'CRC32C', 'SHA1', 'SHA256'] as const)('verifies, keeps and tells %s', async (name) => {
  const { [`Checksum${name}` as const]: put1 } = await put(`sum-${name}`, '123456789', {
    ChecksumAlgorithm: ChecksumAlgorithm[name],
  });
  const object = await get(`sum-${name}`);
  expect(put1).toBeDefined();
  expect(object[`Checksum${name}`]).toBe(put1);
  expect(await object.Body?.transformToString()).toBe('123456789');
  if (name === 'CRC32C') expect(put1).toBe('4waSgw==');
});

test('stores a stream without the frames that it came in', async () => {
  const parts = ['one ', 'two ', 'three'];
  await put('stream', Readable.from(parts.map((part) => Buffer.from(part))), {
    ContentLength: 13,
    ContentEncoding: 'identity',
  });
  const object = await get('stream');
  expect(await object.Body?.transformToString()).toBe('one two three');
  expect(object.ContentEncoding).toBe('identity');
});

test('stores empty and odd keys and bodies', async () => {
  const keys = ['a b+c&d=é%2F<x>', 'slash//double/', "quote'", '日本/鍵'];
  for (const key of keys) await put(key, Buffer.alloc(0));
  for (const key of keys) expect(await text(key)).toBe('');
  const { Contents } = await stage.client.send(new ListObjectsV2Command({ Bucket }));
  expect(Contents?.map(({ Key }) => Key)).toEqual(expect.arrayContaining(keys));
});

test('copies with the metadata or with new metadata', async () => {
  await put('source', 'text', { ContentType: 'text/plain', Metadata: { from: 'source' } });
  const copy = (Key: string, more: object = {}) =>
    stage.client.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/source`, ...more }));
  const { CopyObjectResult } = await copy('copy');
  const object = await get('copy');
  expect(object).toMatchObject({ ContentType: 'text/plain', Metadata: { from: 'source' } });
  expect(CopyObjectResult?.ETag).toBe(object.ETag);
  await copy('replaced-copy', { MetadataDirective: 'REPLACE', Metadata: { from: 'copy' } });
  expect(await get('replaced-copy')).toMatchObject({ Metadata: { from: 'copy' } });
  expect(await failureOf(copy('copy', { IfNoneMatch: '*' }))).toMatchObject({ name: 'PreconditionFailed' });
  expect(await failureOf(copy('source'))).toMatchObject({ name: 'InvalidRequest' });
});

test('keeps everything across a restart and sweeps what a kill had left half-written', async () => {
  await put('kept', 'kept body', { Metadata: { a: 'b' } });
  const objects = join(stage.directory, 's3', Bucket, 'objects');
  const [someObject = ''] = await readdir(objects);
  await writeFile(join(objects, someObject, 'orphan.body.tmp'), 'half');
  await stage.restart();
  expect(await text('kept')).toBe('kept body');
  expect(await get('kept')).toMatchObject({ Metadata: { a: 'b' } });
  expect(await readdir(join(objects, someObject))).not.toContain('orphan.body.tmp');
});

function put(
  Key: string,
  Body: NonNullable<PutObjectCommandInput['Body']>,
  more: Partial<PutObjectCommandInput> = {},
) {
  return stage.client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
}

function get(Key: string) {
  return stage.client.send(new GetObjectCommand({ Bucket, Key }));
}

async function text(Key: string) {
  return (await get(Key)).Body?.transformToString();
}

function send(method: string, key: string, body: string, headers: Record<string, string>) {
  return fetch(`${stage.url}/${Bucket}/${key}`, { method, body, headers });
}
