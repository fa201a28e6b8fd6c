import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateSecretCommand,
  type CreateSecretCommandInput,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  type GetSecretValueCommandInput,
  ListSecretsCommand,
  PutSecretValueCommand,
  type PutSecretValueCommandInput,
  RestoreSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type SecretsManager, startSecretsManager } from '../../../sandbox/secretsmanager/service.ts';
import { type Served, serve } from '../fixtures/served.ts';

const SecretId = 'shop/database';
const START_MS = Date.UTC(2026, 10, 21, 12);
const DAY_MS = 86_400_000;
let nowMs: number;
let manager: SecretsManager;
let served: Served;
let client: SecretsManagerClient;

beforeEach(async () => {
  nowMs = START_MS;
  served = await serve((directory) => {
    manager = startSecretsManager({ directory, now: () => nowMs });
    return { secretsmanager: (request) => manager.endpoint(request) };
  });
  client = new SecretsManagerClient(served.configuration);
});

afterEach(() => {
  client.destroy();
  return served.close();
});

const create = (input: Partial<CreateSecretCommandInput> = {}) =>
  client.send(new CreateSecretCommand({ Name: SecretId, SecretString: 'one', ...input }));
const put = (input: Partial<PutSecretValueCommandInput> = {}) =>
  client.send(new PutSecretValueCommand({ SecretId, SecretString: 'two', ...input }));
const get = (input: Partial<GetSecretValueCommandInput> = {}) =>
  client.send(new GetSecretValueCommand({ SecretId, ...input }));
const text = async (input: Partial<GetSecretValueCommandInput> = {}) => (await get(input)).SecretString;
const describe = (id = SecretId) => client.send(new DescribeSecretCommand({ SecretId: id }));
const stages = async () => (await describe()).VersionIdsToStages;
const move = (VersionStage: string, RemoveFromVersionId?: string, MoveToVersionId?: string) =>
  client.send(
    new UpdateSecretVersionStageCommand({ SecretId, VersionStage, RemoveFromVersionId, MoveToVersionId }),
  );

test('tells no secret that is not there, and no value that a secret does not have', async () => {
  const missing = { name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 400 } };
  await expect(get()).rejects.toMatchObject(missing);
  await expect(describe()).rejects.toMatchObject(missing);
  await expect(put()).rejects.toMatchObject(missing);
  await create({ SecretString: undefined });
  await expect(get()).rejects.toMatchObject({ ...missing, message: expect.stringContaining('AWSCURRENT') });
  expect(await stages()).toEqual({});
});

test('never overwrites a secret by creating it again', async () => {
  const ClientRequestToken = crypto.randomUUID();
  const first = await create({ ClientRequestToken });
  expect(await create({ ClientRequestToken })).toMatchObject({ ARN: first.ARN });
  await expect(create({ ClientRequestToken, SecretString: 'two' })).rejects.toMatchObject({
    name: 'ResourceExistsException',
  });
  await expect(create()).rejects.toMatchObject({ name: 'ResourceExistsException' });
  expect(await text()).toBe('one');
});

test('no value ever stands in an error, and the file with the values is for its owner only', async () => {
  const SecretString = `hunter2-${'x'.repeat(65_536)}`;
  const errors = await Promise.all([
    create({ SecretString }).catch(String),
    create({ SecretString: 'hunter2', SecretBinary: Buffer.from('hunter2') }).catch(String),
    create({ SecretString: 'hunter2', KmsKeyId: 'key' }).catch(String),
    create({ SecretString: 'hunter2', Name: 'a b' }).catch(String),
  ]);
  expect(errors).toEqual(Array(4).fill(expect.stringContaining('InvalidParameterException')));
  expect(errors.join()).not.toContain('hunter2');
  await create({ SecretString: 'hunter2' });
  await put({ SecretString: 'hunter3' });
  const files = readdirSync(served.directory).map((file) => join(served.directory, file));
  expect(files.map((file) => statSync(file).mode & 0o777)).toEqual([0o600]);
  expect(readFileSync(files[0] ?? '', 'utf8')).toContain('hunter3');
});

test('a new value is current and the old one previous, after a restart too', async () => {
  const first = await create();
  nowMs += 1_000;
  const second = await put();
  manager = startSecretsManager({ directory: served.directory, now: () => nowMs });
  expect(second).toMatchObject({ ARN: first.ARN, Name: SecretId, VersionStages: ['AWSCURRENT'] });
  expect(await stages()).toEqual({
    [first.VersionId ?? '']: ['AWSPREVIOUS'],
    [second.VersionId ?? '']: ['AWSCURRENT'],
  });
  expect(await get()).toMatchObject({
    ARN: first.ARN,
    Name: SecretId,
    SecretString: 'two',
    VersionId: second.VersionId,
    VersionStages: ['AWSCURRENT'],
    CreatedDate: new Date(START_MS + 1_000),
  });
  expect(await text({ VersionStage: 'AWSPREVIOUS' })).toBe('one');
  expect(await text({ VersionId: first.VersionId })).toBe('one');
  await put({ SecretString: 'three' });
  expect(await text({ VersionStage: 'AWSPREVIOUS' })).toBe('two');
  expect(await stages()).not.toHaveProperty([first.VersionId ?? '']);
});

test('the same put twice makes one version, and another value in its name is refused', async () => {
  await create();
  const ClientRequestToken = crypto.randomUUID();
  await put({ ClientRequestToken });
  expect((await put({ ClientRequestToken })).VersionId).toBe(ClientRequestToken);
  await expect(put({ ClientRequestToken, SecretString: 'three' })).rejects.toMatchObject({
    name: 'ResourceExistsException',
  });
  expect(await text({ VersionStage: 'AWSPREVIOUS' })).toBe('one');
});

test('a value that is put aside does not become current until its label is moved', async () => {
  const { VersionId: first } = await create();
  const { VersionId: second } = await put({ VersionStages: ['AWSPENDING'] });
  expect(await text()).toBe('one');
  await expect(move('AWSCURRENT', undefined, second)).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: expect.stringContaining(first ?? ''),
  });
  await expect(move('AWSCURRENT', first)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  await expect(move('AWSCURRENT', first, crypto.randomUUID())).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  await move('AWSCURRENT', first, second);
  expect(await stages()).toEqual({
    [first ?? '']: ['AWSPREVIOUS'],
    [second ?? '']: ['AWSPENDING', 'AWSCURRENT'],
  });
  await move('AWSPENDING', second);
  expect((await stages())?.[second ?? '']).toEqual(['AWSCURRENT']);
});

test('refuses a version that does not have the stage that was asked for', async () => {
  const { VersionId } = await create();
  await put();
  await expect(get({ VersionId, VersionStage: 'AWSCURRENT' })).rejects.toMatchObject({
    name: 'InvalidRequestException',
  });
  await expect(get({ VersionStage: 'AWSPENDING' })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('keeps bytes as bytes', async () => {
  await create({ SecretString: undefined, SecretBinary: new Uint8Array([0, 255, 7]) });
  const told = await get();
  expect(told.SecretBinary).toEqual(new Uint8Array([0, 255, 7]));
  expect(told).not.toHaveProperty('SecretString');
});

test('a secret has several names, and one of the same name later on is another one', async () => {
  const { ARN = '' } = await create();
  expect(ARN).toMatch(/^arn:aws:secretsmanager:us-east-1:000000000000:secret:shop\/database-[A-Za-z0-9]{6}$/);
  for (const id of [ARN, ARN.slice(0, -7)]) expect((await get({ SecretId: id })).SecretString).toBe('one');
  await client.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
  expect((await create()).ARN).not.toBe(ARN);
  await expect(describe(ARN)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('a secret that is marked for deletion tells no value, comes back, and is gone when its time is over', async () => {
  await create();
  const remove = (input: object = {}) =>
    client.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7, ...input }));
  await expect(remove({ ForceDeleteWithoutRecovery: true })).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
  expect((await remove()).DeletionDate).toEqual(new Date(START_MS + 7 * DAY_MS));
  for (const call of [get, put, remove, create])
    await expect(call()).rejects.toMatchObject({ name: 'InvalidRequestException' });
  expect((await describe()).DeletedDate).toEqual(new Date(START_MS));
  await client.send(new RestoreSecretCommand({ SecretId }));
  expect(await text()).toBe('one');
  await remove();
  nowMs += 7 * DAY_MS;
  await expect(get()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await remove({ RecoveryWindowInDays: undefined, ForceDeleteWithoutRecovery: true });
});

test('lists secrets by the beginning of their names, page by page, without those that will go', async () => {
  for (const Name of ['shop/b', 'shop/a', 'other', 'shop/c', 'shop/gone']) await create({ Name });
  await client.send(new DeleteSecretCommand({ SecretId: 'shop/gone' }));
  const list = (NextToken?: string) =>
    client.send(
      new ListSecretsCommand({ MaxResults: 2, NextToken, Filters: [{ Key: 'name', Values: ['shop/'] }] }),
    );
  const first = await list();
  expect(first.SecretList?.map(({ Name }) => Name)).toEqual(['shop/a', 'shop/b']);
  const second = await list(first.NextToken);
  expect(second.SecretList?.map(({ Name }) => Name)).toEqual(['shop/c']);
  expect(second.NextToken).toBeUndefined();
  await expect(list('nonsense')).rejects.toMatchObject({ name: 'InvalidNextTokenException' });
});

test('describes a secret without its value, and when it was read by the day only', async () => {
  const { ARN } = await create({ Description: 'who may write orders' });
  nowMs += 60_000;
  await get();
  expect(await describe()).toMatchObject({
    ARN,
    Name: SecretId,
    Description: 'who may write orders',
    CreatedDate: new Date(START_MS),
    LastChangedDate: new Date(START_MS),
    LastAccessedDate: new Date(Date.UTC(2026, 10, 21)),
  });
});

test('of more than a hundred versions the oldest without a label goes', async () => {
  const { VersionId } = await create();
  const { VersionId: second } = await put();
  for (let version = 3; version <= 101; version += 1) await put({ SecretString: String(version) });
  await expect(get({ VersionId })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  expect(await text({ VersionId: second })).toBe('two');
});
