import {
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectLegalHoldCommand,
  GetObjectLockConfigurationCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  NoSuchKey,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  PutObjectLegalHoldCommand,
  PutObjectLockConfigurationCommand,
  PutObjectRetentionCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf, type Stage, startStage } from './client.ts';

const LOCKED = 'locked';
const VERSIONED = 'versioned';
const PLAIN = 'plain';
const DAY_MS = 86_400_000;
let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
  await stage.client.send(new CreateBucketCommand({ Bucket: LOCKED, ObjectLockEnabledForBucket: true }));
  for (const Bucket of [VERSIONED, PLAIN]) await stage.client.send(new CreateBucketCommand({ Bucket }));
  await setVersioning(VERSIONED, 'Enabled');
});
afterAll(() => stage.end());

describe('refuses', () => {
  test('to delete a version under COMPLIANCE for anyone, until its time has passed', async () => {
    const { VersionId } = await put('compliance', retained('COMPLIANCE'));
    expect(await failureOf(remove('compliance', VersionId))).toMatchObject({
      name: 'AccessDenied',
      $metadata: { httpStatusCode: 403 },
    });
    expect(await failureOf(remove('compliance', VersionId, true))).toMatchObject({ name: 'AccessDenied' });
    stage.clock.aheadMs += 2 * DAY_MS;
    await remove('compliance', VersionId);
    expect(await failureOf(get('compliance'))).toBeInstanceOf(NoSuchKey);
  });

  test('to delete a version under GOVERNANCE without the bypass', async () => {
    const { VersionId } = await put('governance', retained('GOVERNANCE'));
    expect(await failureOf(remove('governance', VersionId))).toMatchObject({ name: 'AccessDenied' });
    const { Errors } = await stage.client.send(
      new DeleteObjectsCommand({ Bucket: LOCKED, Delete: { Objects: [{ Key: 'governance', VersionId }] } }),
    );
    expect(Errors).toMatchObject([{ Key: 'governance', Code: 'AccessDenied' }]);
    await remove('governance', VersionId, true);
  });

  test('to delete a version under legal hold', async () => {
    const { VersionId } = await put('held', { ObjectLockLegalHoldStatus: 'ON' });
    expect(await failureOf(remove('held', VersionId, true))).toMatchObject({ name: 'AccessDenied' });
    const hold = { Bucket: LOCKED, Key: 'held' };
    await stage.client.send(new PutObjectLegalHoldCommand({ ...hold, LegalHold: { Status: 'OFF' } }));
    const { LegalHold } = await stage.client.send(new GetObjectLegalHoldCommand(hold));
    expect(LegalHold?.Status).toBe('OFF');
    await remove('held', VersionId);
  });

  test('to shorten or lift COMPLIANCE, but extends it', async () => {
    await put('extended', retained('COMPLIANCE', 10));
    const retain = (Mode: 'COMPLIANCE' | 'GOVERNANCE', days: number) =>
      failureOf(
        stage.client.send(
          new PutObjectRetentionCommand({
            Bucket: LOCKED,
            Key: 'extended',
            BypassGovernanceRetention: true,
            Retention: { Mode, RetainUntilDate: inDays(days) },
          }),
        ),
      );
    expect(await retain('COMPLIANCE', 5)).toMatchObject({ name: 'AccessDenied' });
    expect(await retain('GOVERNANCE', 20)).toMatchObject({ name: 'AccessDenied' });
    expect(await retain('COMPLIANCE', 20)).toBeUndefined();
    const { Retention } = await stage.client.send(
      new GetObjectRetentionCommand({ Bucket: LOCKED, Key: 'extended' }),
    );
    expect(Retention?.Mode).toBe('COMPLIANCE');
    expect(Retention?.RetainUntilDate?.getTime()).toBeGreaterThan(inDays(19).getTime());
  });

  test('a lock in a bucket without Object Lock, one in the past and one that is incomplete', async () => {
    const plain = { ...retained('GOVERNANCE'), Bucket: VERSIONED };
    expect(await failureOf(put('x', plain))).toMatchObject({ name: 'InvalidRequest' });
    expect(await failureOf(put('x', retained('GOVERNANCE', -1)))).toMatchObject({ name: 'InvalidArgument' });
    expect(await failureOf(put('x', { ObjectLockMode: 'GOVERNANCE' }))).toMatchObject({
      name: 'InvalidArgument',
    });
  });

  test('to suspend versioning where objects are locked, and Object Lock where they are not versioned', async () => {
    expect(await failureOf(setVersioning(LOCKED, 'Suspended'))).toMatchObject({ name: 'InvalidBucketState' });
    expect(await failureOf(setDefaultRetention(PLAIN, 1))).toMatchObject({ name: 'InvalidBucketState' });
    const configuration = new GetObjectLockConfigurationCommand({ Bucket: PLAIN });
    expect(await failureOf(stage.client.send(configuration))).toMatchObject({
      name: 'ObjectLockConfigurationNotFoundError',
    });
  });

  test('a version that never was', async () => {
    const read = (VersionId: string) =>
      stage.client.send(new GetObjectCommand({ Bucket: VERSIONED, Key: 'k', VersionId }));
    expect(await failureOf(read('nonsense'))).toMatchObject({ name: 'NoSuchVersion' });
  });
});

test('keeps every version, and a delete marker hides them without removing any', async () => {
  const Key = 'history';
  const one = await put(Key, { Bucket: VERSIONED, Body: 'one' });
  const two = await put(Key, { Bucket: VERSIONED, Body: 'two' });
  const marker = await stage.client.send(new DeleteObjectCommand({ Bucket: VERSIONED, Key }));
  expect(marker).toMatchObject({ DeleteMarker: true });
  const hidden = await failureOf(stage.client.send(new GetObjectCommand({ Bucket: VERSIONED, Key })));
  expect(hidden).toBeInstanceOf(NoSuchKey);
  expect((await stage.client.send(new ListObjectsV2Command({ Bucket: VERSIONED }))).Contents).toBeUndefined();
  const object = await stage.client.send(
    new GetObjectCommand({ Bucket: VERSIONED, Key, VersionId: one.VersionId }),
  );
  expect(await object.Body?.transformToString()).toBe('one');
  const listed = await stage.client.send(new ListObjectVersionsCommand({ Bucket: VERSIONED }));
  expect(listed.Versions).toMatchObject([
    { Key, VersionId: two.VersionId, IsLatest: false },
    { Key, VersionId: one.VersionId, IsLatest: false },
  ]);
  expect(listed.DeleteMarkers).toMatchObject([{ Key, VersionId: marker.VersionId, IsLatest: true }]);
  const ofMarker = new HeadObjectCommand({ Bucket: VERSIONED, Key, VersionId: marker.VersionId });
  expect(await failureOf(stage.client.send(ofMarker))).toMatchObject({ $metadata: { httpStatusCode: 405 } });
  await stage.client.send(new DeleteObjectCommand({ Bucket: VERSIONED, Key, VersionId: marker.VersionId }));
  const again = await stage.client.send(new GetObjectCommand({ Bucket: VERSIONED, Key }));
  expect(await again.Body?.transformToString()).toBe('two');
});

test('pages through versions', async () => {
  for (const Body of ['1', '2', '3']) await put('paged', { Bucket: VERSIONED, Body });
  const seen: (string | undefined)[] = [];
  let marker: { KeyMarker?: string; VersionIdMarker?: string } = {};
  for (let pages = 0; pages < 5; pages += 1) {
    const page = await stage.client.send(
      new ListObjectVersionsCommand({ Bucket: VERSIONED, Prefix: 'paged', MaxKeys: 2, ...marker }),
    );
    seen.push(...(page.Versions ?? []).map(({ VersionId }) => VersionId));
    if (!page.IsTruncated) break;
    marker = { KeyMarker: page.NextKeyMarker ?? '', VersionIdMarker: page.NextVersionIdMarker ?? '' };
  }
  expect(new Set(seen).size).toBe(3);
});

test('replaces the null version while versioning is suspended', async () => {
  await stage.client.send(new CreateBucketCommand({ Bucket: 'suspended' }));
  await put('k', { Bucket: 'suspended', Body: 'before versioning' });
  await setVersioning('suspended', 'Enabled');
  await put('k', { Bucket: 'suspended', Body: 'versioned' });
  await setVersioning('suspended', 'Suspended');
  await put('k', { Bucket: 'suspended', Body: 'suspended' });
  const { Versions } = await stage.client.send(new ListObjectVersionsCommand({ Bucket: 'suspended' }));
  expect(Versions?.map(({ VersionId }) => VersionId === 'null')).toEqual([true, false]);
  const { Status } = await stage.client.send(new GetBucketVersioningCommand({ Bucket: 'suspended' }));
  expect(Status).toBe('Suspended');
});

test('applies the default retention of the bucket and tells it', async () => {
  await stage.client.send(new CreateBucketCommand({ Bucket: 'defaults', ObjectLockEnabledForBucket: true }));
  await setDefaultRetention('defaults', 3);
  await stage.restart();
  const { ObjectLockConfiguration } = await stage.client.send(
    new GetObjectLockConfigurationCommand({ Bucket: 'defaults' }),
  );
  expect(ObjectLockConfiguration).toEqual({
    ObjectLockEnabled: 'Enabled',
    Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 3 } },
  });
  await put('sealed', { Bucket: 'defaults' });
  const head = await stage.client.send(new HeadObjectCommand({ Bucket: 'defaults', Key: 'sealed' }));
  expect(head.ObjectLockMode).toBe('GOVERNANCE');
  expect(head.ObjectLockRetainUntilDate?.getTime()).toBeGreaterThan(inDays(2.9).getTime());
});

function put(Key: string, more: Partial<PutObjectCommandInput>) {
  return stage.client.send(new PutObjectCommand({ Bucket: LOCKED, Key, Body: 'x', ...more }));
}

function get(Key: string) {
  return stage.client.send(new GetObjectCommand({ Bucket: LOCKED, Key }));
}

function remove(Key: string, VersionId: string | undefined, BypassGovernanceRetention = false) {
  const input = { Bucket: LOCKED, Key, VersionId, BypassGovernanceRetention };
  return stage.client.send(new DeleteObjectCommand(input));
}

function retained(ObjectLockMode: 'GOVERNANCE' | 'COMPLIANCE', days = 1) {
  return { ObjectLockMode, ObjectLockRetainUntilDate: inDays(days) };
}

function inDays(days: number): Date {
  return new Date(Date.now() + stage.clock.aheadMs + days * DAY_MS);
}

function setVersioning(Bucket: string, Status: 'Enabled' | 'Suspended') {
  return stage.client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
}

function setDefaultRetention(Bucket: string, Days: number) {
  return stage.client.send(
    new PutObjectLockConfigurationCommand({
      Bucket,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days } },
      },
    }),
  );
}
