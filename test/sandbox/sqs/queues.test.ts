import {
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type QueueAccount, queueAccount } from './account.ts';

let account: QueueAccount;

beforeEach(async () => {
  account = await queueAccount();
});
afterEach(() => account.close());

const arnOf = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const policy = (name: string, maxReceiveCount: number) => ({
  RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf(name), maxReceiveCount }),
});
const attributes = async (QueueUrl: string) =>
  (await account.client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })))
    .Attributes;
const find = (QueueName: string) => account.client.send(new GetQueueUrlCommand({ QueueName }));
const missing = {
  name: 'QueueDoesNotExist',
  Code: 'AWS.SimpleQueueService.NonExistentQueue',
  Type: 'Sender',
  $metadata: { httpStatusCode: 400 },
};

test('finds no queue that is not there', async () => {
  await expect(find('orders')).rejects.toMatchObject(missing);
  const elsewhere = (await account.queue('letters')).replace('000000000000', '111111111111');
  for (const url of [elsewhere, 'letters', 'http://127.0.0.1/000000000000/orders'])
    await expect(account.receive(url)).rejects.toMatchObject(missing);
});

test('creates a queue once: the same again is the same queue, another one is refused', async () => {
  const url = await account.queue('orders', { VisibilityTimeout: '5' });
  expect(new URL(url).pathname).toBe('/000000000000/orders');
  expect(await account.queue('orders', { VisibilityTimeout: '5' })).toBe(url);
  expect(await account.queue('orders')).toBe(url);
  await expect(account.queue('orders', { VisibilityTimeout: '6' })).rejects.toMatchObject({
    name: 'QueueNameExists',
    message: expect.stringContaining('VisibilityTimeout'),
  });
  expect((await find('orders')).QueueUrl).toBe(url);
});

test.each<[string, string, Record<string, string>, string]>([
  ['a FIFO queue', 'orders.fifo', {}, 'UnsupportedOperation'],
  ['the attribute of a FIFO queue', 'orders', { FifoQueue: 'true' }, 'UnsupportedOperation'],
  ['a name with a space', 'my orders', {}, 'InvalidParameterValue'],
  ['an unknown attribute', 'orders', { Colour: 'red' }, 'InvalidAttributeName'],
  ['a policy', 'orders', { Policy: '{}' }, 'InvalidAttributeName'],
  ['too long a timeout', 'orders', { VisibilityTimeout: '43201' }, 'InvalidAttributeValue'],
  ['too short a retention', 'orders', { MessageRetentionPeriod: '59' }, 'InvalidAttributeValue'],
  ['a redrive policy that is no JSON', 'orders', { RedrivePolicy: 'x' }, 'InvalidAttributeValue'],
  ['a dead-letter queue that is not there', 'orders', policy('absent', 3), 'InvalidParameterValue'],
])('refuses %s', async (_title, name, wanted, code) => {
  await expect(account.queue(name, wanted)).rejects.toMatchObject({ name: code });
  await expect(find('orders')).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
});

test('a deleted queue is gone with its messages, and its name is taken for another minute', async () => {
  const QueueUrl = await account.queue('orders');
  await account.send(QueueUrl, 'order 1');
  await account.client.send(new DeleteQueueCommand({ QueueUrl }));
  await expect(account.receive(QueueUrl)).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  await expect(account.queue('orders')).rejects.toMatchObject({ name: 'QueueDeletedRecently' });
  account.turnOn(60);
  account.restart();
  expect(await account.counts(await account.queue('orders'))).toEqual([0, 0, 0]);
});

test('a message goes to the dead letters when it would be received once too often, and keeps its age', async () => {
  const dead = await account.queue('dead', { MessageRetentionPeriod: '600' });
  const QueueUrl = await account.queue('orders', { ...policy('dead', 2), VisibilityTimeout: '1' });
  await account.send(QueueUrl, 'poison');
  const [first] = await account.receive(QueueUrl);
  account.turnOn(1);
  expect(await account.receive(QueueUrl)).toHaveLength(1);
  expect(await account.counts(dead)).toEqual([0, 0, 0]);
  account.turnOn(1);
  account.restart();
  expect(await account.receive(QueueUrl)).toEqual([]);
  expect(await account.counts(QueueUrl)).toEqual([0, 0, 0]);
  const [letter] = await account.receive(dead);
  expect(letter).toMatchObject({
    body: 'poison',
    attributes: { SentTimestamp: first?.attributes.SentTimestamp, DeadLetterQueueSourceArn: arnOf('orders') },
  });
  account.turnOn(599);
  expect(await account.counts(dead)).toEqual([0, 0, 0]);
});

test('a queue never is its own dead-letter queue', async () => {
  const QueueUrl = await account.queue('orders');
  const command = new SetQueueAttributesCommand({ QueueUrl, Attributes: policy('orders', 1) });
  await expect(account.client.send(command)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  expect(await attributes(QueueUrl)).not.toHaveProperty('RedrivePolicy');
});

test('without its dead-letter queue a message stays where it is', async () => {
  const dead = await account.queue('dead');
  const QueueUrl = await account.queue('orders', policy('dead', 1));
  await account.send(QueueUrl, 'poison');
  await account.client.send(new DeleteQueueCommand({ QueueUrl: dead }));
  for (let received = 0; received < 3; received += 1)
    expect(await account.receive(QueueUrl, { VisibilityTimeout: 0 })).toHaveLength(1);
});

test('tells how a queue is configured, changes it, and takes its redrive policy away', async () => {
  await account.queue('dead');
  const QueueUrl = await account.queue('orders', policy('dead', 3));
  expect(await attributes(QueueUrl)).toEqual({
    QueueArn: arnOf('orders'),
    ApproximateNumberOfMessages: '0',
    ApproximateNumberOfMessagesNotVisible: '0',
    ApproximateNumberOfMessagesDelayed: '0',
    CreatedTimestamp: String(Date.UTC(2026, 10, 21, 12) / 1000),
    LastModifiedTimestamp: String(Date.UTC(2026, 10, 21, 12) / 1000),
    VisibilityTimeout: '30',
    DelaySeconds: '0',
    MaximumMessageSize: '1048576',
    MessageRetentionPeriod: '345600',
    ReceiveMessageWaitTimeSeconds: '0',
    ...policy('dead', 3),
  });
  account.turnOn(10);
  const Attributes = { VisibilityTimeout: '7', RedrivePolicy: '' };
  await account.client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
  account.restart();
  const changed = await attributes(QueueUrl);
  expect(changed).toMatchObject({ VisibilityTimeout: '7', MessageRetentionPeriod: '345600' });
  expect(changed).not.toHaveProperty('RedrivePolicy');
  expect(Number(changed?.LastModifiedTimestamp) - Number(changed?.CreatedTimestamp)).toBe(10);
});

test('tells only the attributes that it was asked for', async () => {
  const QueueUrl = await account.queue('orders');
  const ask = (...AttributeNames: ('QueueArn' | 'RedrivePolicy')[]) =>
    account.client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
  expect((await ask('QueueArn', 'RedrivePolicy')).Attributes).toEqual({ QueueArn: arnOf('orders') });
  expect((await ask()).Attributes).toBeUndefined();
});

test('lists queues by prefix, page by page', async () => {
  for (const name of ['b-1', 'a-2', 'a-3', 'a-1']) await account.queue(name);
  const list = async (NextToken?: string) =>
    account.client.send(new ListQueuesCommand({ QueueNamePrefix: 'a-', MaxResults: 2, NextToken }));
  const first = await list();
  expect(first.QueueUrls?.map((url) => url.split('/').at(-1))).toEqual(['a-1', 'a-2']);
  const second = await list(first.NextToken);
  expect(second.QueueUrls?.map((url) => url.split('/').at(-1))).toEqual(['a-3']);
  expect(second.NextToken).toBeUndefined();
});
