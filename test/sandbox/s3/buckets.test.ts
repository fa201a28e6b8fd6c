import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { failureOf, type Stage, startStage } from './client.ts';

const Bucket = 'receipts';
let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
  await stage.client.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => stage.end());

test('refuses a bucket with an impossible name, and to delete one that is not empty', async () => {
  const impossible = new CreateBucketCommand({ Bucket: 'Not_A_Bucket' });
  expect(await failureOf(stage.client.send(impossible))).toMatchObject({ name: 'InvalidBucketName' });
  await put('full', 'x');
  const remove = new DeleteBucketCommand({ Bucket });
  expect(await failureOf(stage.client.send(remove))).toMatchObject({ name: 'BucketNotEmpty' });
});

test('lists by prefix, delimiter and page, in the order of bytes', async () => {
  await stage.client.send(new CreateBucketCommand({ Bucket: 'listed' }));
  const keys = ['b/2', 'a', 'b/1', 'c/x/1', 'c/x/2', 'd', 'ｆ', '😀', 'B'];
  for (const key of keys) await put(key, key, { Bucket: 'listed' });
  const listed: (string | undefined)[] = [];
  for await (const page of paginateListObjectsV2(
    { client: stage.client, pageSize: 2 },
    { Bucket: 'listed' },
  )) {
    expect(page.KeyCount).toBeLessThanOrEqual(2);
    listed.push(...(page.Contents ?? []).map(({ Key }) => Key));
  }
  expect(listed).toEqual(['B', 'a', 'b/1', 'b/2', 'c/x/1', 'c/x/2', 'd', 'ｆ', '😀']);
  const folders: (string | undefined)[] = [];
  const byFolder = { Bucket: 'listed', Delimiter: '/', MaxKeys: 1 };
  for await (const page of paginateListObjectsV2({ client: stage.client }, byFolder))
    folders.push(
      ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
      ...(page.Contents ?? []).map(({ Key }) => Key),
    );
  expect(folders).toEqual(['B', 'a', 'b/', 'c/', 'd', 'ｆ', '😀']);
  const { Contents, IsTruncated } = await stage.client.send(
    new ListObjectsV2Command({ Bucket: 'listed', Prefix: 'b/', StartAfter: 'b/1' }),
  );
  expect(Contents?.map(({ Key, Size }) => [Key, Size])).toEqual([['b/2', 3]]);
  expect(IsTruncated).toBe(false);
});

test('deletes one, many and what was never there', async () => {
  await stage.client.send(new CreateBucketCommand({ Bucket: 'emptied' }));
  for (const key of ['one', 'two & <three>', 'four']) await put(key, key, { Bucket: 'emptied' });
  await stage.client.send(new DeleteObjectCommand({ Bucket: 'emptied', Key: 'one' }));
  await stage.client.send(new DeleteObjectCommand({ Bucket: 'emptied', Key: 'one' }));
  const Objects = [{ Key: 'two & <three>' }, { Key: 'four' }, { Key: 'never' }];
  const { Deleted, Errors } = await stage.client.send(
    new DeleteObjectsCommand({ Bucket: 'emptied', Delete: { Objects } }),
  );
  expect(Deleted).toEqual(Objects);
  expect(Errors).toBeUndefined();
  await stage.client.send(new DeleteBucketCommand({ Bucket: 'emptied' }));
  const { Buckets } = await stage.client.send(new ListBucketsCommand({}));
  expect(Buckets?.map(({ Name }) => Name)).toContain(Bucket);
  expect(Buckets?.map(({ Name }) => Name)).not.toContain('emptied');
});

test('creates its own bucket again and tells its Region, as us-east-1 does', async () => {
  await stage.client.send(new CreateBucketCommand({ Bucket }));
  const { LocationConstraint } = await stage.client.send(new GetBucketLocationCommand({ Bucket }));
  expect(LocationConstraint).toBeUndefined();
  const { BucketRegion } = await stage.client.send(new HeadBucketCommand({ Bucket }));
  expect(BucketRegion).toBe('us-east-1');
});

function put(Key: string, Body: string, more: { Bucket?: string } = {}) {
  return stage.client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
}
