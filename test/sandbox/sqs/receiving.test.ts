import { ChangeMessageVisibilityCommand, DeleteQueueCommand } from '@aws-sdk/client-sqs';
import { afterEach, expect, test } from 'vitest';
import { type QueueAccount, queueAccount } from './account.ts';

let account: QueueAccount;
afterEach(() => account.close());

const LONG = { WaitTimeSeconds: 20 };
const bodies = async (QueueUrl: string, more: object) =>
  (await account.receive(QueueUrl, more)).map(({ body }) => body);
const waiting = (receivers: number) => expect.poll(() => account.open()).toBe(receivers);

test('a receiver that went away takes no message with it', async () => {
  account = await queueAccount();
  const QueueUrl = await account.queue('orders');
  const leaving = new AbortController();
  const left = account.receive(QueueUrl, LONG, leaving.signal).catch((error: Error) => error.name);
  await waiting(1);
  leaving.abort();
  expect(await left).toBe('AbortError');
  await waiting(0);
  await account.send(QueueUrl, 'order 1');
  expect(await account.counts(QueueUrl)).toEqual([1, 0, 0]);
});

test('of many who wait, one gets the message, and the others none when the service closes', async () => {
  account = await queueAccount();
  const QueueUrl = await account.queue('orders');
  const receivers = Array.from({ length: 5 }, () => bodies(QueueUrl, LONG));
  await waiting(5);
  await account.send(QueueUrl, 'order 1');
  expect(await Promise.race(receivers)).toEqual(['order 1']);
  await waiting(4);
  account.closeService();
  expect((await Promise.all(receivers)).flat()).toEqual(['order 1']);
});

test('who waits gets a message that is given back, by the receiver or by its timeout', async () => {
  account = await queueAccount();
  const QueueUrl = await account.queue('orders', { ReceiveMessageWaitTimeSeconds: '20' });
  await account.send(QueueUrl, 'order 1');
  const [{ receipt } = { receipt: '' }] = await account.receive(QueueUrl);
  const second = bodies(QueueUrl, { VisibilityTimeout: 1 });
  await waiting(1);
  await account.client.send(
    new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: receipt, VisibilityTimeout: 0 }),
  );
  expect(await second).toEqual(['order 1']);
  const third = bodies(QueueUrl, {});
  await waiting(1);
  account.turnOn(1);
  expect(await third).toEqual(['order 1']);
});

test('who waits at a queue that is deleted is told so', async () => {
  account = await queueAccount();
  const QueueUrl = await account.queue('orders');
  const waits = account.receive(QueueUrl, LONG).catch((error: Error) => error.name);
  await waiting(1);
  await account.client.send(new DeleteQueueCommand({ QueueUrl }));
  expect(await waits).toBe('QueueDoesNotExist');
});

test('refuses to wait for more than 20 seconds, and more than ten messages', async () => {
  account = await queueAccount();
  const QueueUrl = await account.queue('orders');
  for (const more of [{ WaitTimeSeconds: 21 }, { MaxNumberOfMessages: 11 }, { MaxNumberOfMessages: 0 }])
    await expect(account.receive(QueueUrl, more)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
});

test('without anything to receive, a short wait ends with nothing', async () => {
  account = await queueAccount();
  const QueueUrl = await account.queue('orders');
  const waits = bodies(QueueUrl, { WaitTimeSeconds: 1 });
  await waiting(1);
  account.turnOn(1);
  expect(await waits).toEqual([]);
});

test('measures every minute how much waits in each queue and since when', async () => {
  account = await queueAccount(20);
  const QueueUrl = await account.queue('orders');
  for (const body of ['order 1', 'order 2', 'order 3']) await account.send(QueueUrl, body);
  await account.receive(QueueUrl, { MaxNumberOfMessages: 1 });
  account.turnOn(7);
  const latest = (name: string) => account.measured.findLast((datum) => datum.name === name);
  await expect
    .poll(() => latest('ApproximateAgeOfOldestMessage'))
    .toMatchObject({
      namespace: 'AWS/SQS',
      dimensions: { QueueName: 'orders' },
      unit: 'Seconds',
      values: [7],
    });
  expect(latest('ApproximateNumberOfMessagesVisible')?.values).toEqual([2]);
  expect(latest('ApproximateNumberOfMessagesNotVisible')?.values).toEqual([1]);
});
