import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type QueueAccount, queueAccount } from './account.ts';

let account: QueueAccount;
let QueueUrl: string;

beforeEach(async () => {
  account = await queueAccount();
  QueueUrl = await account.queue('orders');
});
afterEach(() => account.close());

const remove = (ReceiptHandle: string) =>
  account.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
const hide = (ReceiptHandle: string, VisibilityTimeout: number) =>
  account.client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));
const bodies = async (seconds?: number) =>
  (await account.receive(QueueUrl, seconds === undefined ? {} : { VisibilityTimeout: seconds })).map(
    ({ body }) => body,
  );

test('a message that a worker holds is given to nobody else until its visibility timeout is over', async () => {
  await account.send(QueueUrl, 'order 1');
  expect(await bodies()).toEqual(['order 1']);
  account.turnOn(29);
  expect(await bodies()).toEqual([]);
  expect(await account.counts(QueueUrl)).toEqual([0, 1, 0]);
  account.turnOn(1);
  expect(await account.counts(QueueUrl)).toEqual([1, 0, 0]);
  expect(await bodies()).toEqual(['order 1']);
});

test('what was not deleted is never lost, not by a restart either, which forgets neither receives nor timeouts', async () => {
  await account.send(QueueUrl, 'order 1');
  await account.send(QueueUrl, 'order 2');
  const [first] = await account.receive(QueueUrl, { MaxNumberOfMessages: 1 });
  account.restart();
  expect(await bodies()).toEqual(['order 2']);
  account.turnOn(30);
  const again = await account.receive(QueueUrl);
  expect(again.map(({ attributes }) => attributes.ApproximateReceiveCount)).toEqual(['2', '2']);
  expect(again[0]?.receipt).not.toBe(first?.receipt);
});

test('an old receipt deletes nothing, the latest one does, and once more does no harm', async () => {
  await account.send(QueueUrl, 'order 1');
  const [old] = await account.receive(QueueUrl, { VisibilityTimeout: 0 });
  const [latest] = await account.receive(QueueUrl);
  await remove(old?.receipt ?? '');
  expect(await account.counts(QueueUrl)).toEqual([0, 1, 0]);
  await remove(latest?.receipt ?? '');
  await remove(latest?.receipt ?? '');
  account.restart();
  expect(await account.counts(QueueUrl)).toEqual([0, 0, 0]);
});

test('refuses a receipt of another queue, and what is no receipt', async () => {
  const other = await account.queue('letters');
  await account.send(other, 'letter');
  const [letter] = await account.receive(other);
  for (const receipt of [letter?.receipt ?? '', 'nonsense'])
    await expect(remove(receipt)).rejects.toMatchObject({
      name: 'ReceiptHandleIsInvalid',
      $metadata: { httpStatusCode: 404 },
    });
  expect(await account.counts(other)).toEqual([0, 1, 0]);
});

test('changes for how long a message is hidden, but not of one that is not in flight', async () => {
  await account.send(QueueUrl, 'order 1');
  const [{ receipt } = { receipt: '' }] = await account.receive(QueueUrl);
  await hide(receipt, 100);
  account.turnOn(99);
  expect(await bodies()).toEqual([]);
  await hide(receipt, 0);
  await expect(hide(receipt, 5)).rejects.toMatchObject({ name: 'MessageNotInflight' });
  expect(await bodies()).toEqual(['order 1']);
  await expect(hide(receipt, 5)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
});

test('a delayed message cannot be received before its time', async () => {
  await account.send(QueueUrl, 'later', { DelaySeconds: 5 });
  expect(await bodies()).toEqual([]);
  expect(await account.counts(QueueUrl)).toEqual([0, 0, 1]);
  account.turnOn(5);
  expect(await bodies()).toEqual(['later']);
});

test('forgets a message after the retention period, whether it is hidden or not', async () => {
  const short = await account.queue('short', { MessageRetentionPeriod: '60' });
  await account.send(short, 'a');
  await account.send(short, 'b');
  await account.receive(short, { MaxNumberOfMessages: 1, VisibilityTimeout: 3_600 });
  account.turnOn(61);
  expect(await account.counts(short)).toEqual([0, 0, 0]);
});

test('a purge removes everything, and not twice in a minute', async () => {
  await account.send(QueueUrl, 'order 1');
  const purge = () => account.client.send(new PurgeQueueCommand({ QueueUrl }));
  await purge();
  expect(await account.counts(QueueUrl)).toEqual([0, 0, 0]);
  await expect(purge()).rejects.toMatchObject({
    name: 'PurgeQueueInProgress',
    $metadata: { httpStatusCode: 403 },
  });
  account.turnOn(60);
  await purge();
});

test.each<[string, string, Partial<Parameters<QueueAccount['send']>[2] & object>]>([
  ['an empty body', '', {}],
  ['more than the queue allows', 'x'.repeat(1_025), {}],
  ['a number that is none', 'x', { MessageAttributes: { a: { DataType: 'Number', StringValue: 'x' } } }],
  ['an attribute without a type', 'x', { MessageAttributes: { a: { DataType: 'Text', StringValue: 'x' } } }],
  ['an attribute without a value', 'x', { MessageAttributes: { a: { DataType: 'String' } } }],
  ['an attribute of AWS', 'x', { MessageAttributes: { 'AWS.a': { DataType: 'String', StringValue: 'x' } } }],
  ['a delay of more than 15 minutes', 'x', { DelaySeconds: 901 }],
  ['a message group', 'x', { MessageGroupId: 'a' }],
])('refuses a message with %s', async (_title, body, more) => {
  const small = await account.queue('small', { MaximumMessageSize: '1024' });
  await expect(account.send(small, body, more)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  expect(await account.counts(small)).toEqual([0, 0, 0]);
});

test('refuses characters that XML does not know', async () => {
  await expect(account.send(QueueUrl, 'a\u0000b')).rejects.toMatchObject({ name: 'InvalidMessageContents' });
});

test('gives attributes back to whom asks for them, with the digest that SQS documents', async () => {
  const MessageAttributes = {
    attempt: { DataType: 'Number', StringValue: '3' },
    'shop.kind': { DataType: 'String', StringValue: 'order' },
    'shop.raw': { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2, 3]) },
  };
  const MessageBody = 'größe €';
  const sent = await account.client.send(
    new SendMessageCommand({ QueueUrl, MessageBody, MessageAttributes }),
  );
  expect(sent).toMatchObject({ MD5OfMessageAttributes: 'b4e82dc4e4d98db36212980ffa9bf697' });
  const receive = (...MessageAttributeNames: string[]) =>
    account.client.send(new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames, VisibilityTimeout: 0 }));
  const { Messages: all } = await receive('All');
  expect(all?.[0]).toMatchObject({
    MessageId: sent.MessageId,
    Body: MessageBody,
    MessageAttributes,
    MD5OfMessageAttributes: sent.MD5OfMessageAttributes,
  });
  expect(all?.[0]).not.toHaveProperty('Attributes');
  const { Messages: some } = await receive('shop.*');
  expect(Object.keys(some?.[0]?.MessageAttributes ?? {})).toEqual(['shop.kind', 'shop.raw']);
  const { Messages: none } = await receive();
  expect(none?.[0]).not.toHaveProperty('MessageAttributes');
});

test('of a batch, what fails does not hinder the others', async () => {
  const sent = await account.client.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: [
        { Id: 'a', MessageBody: 'order 1' },
        { Id: 'b', MessageBody: '' },
        { Id: 'c', MessageBody: 'order 3', DelaySeconds: 0 },
      ],
    }),
  );
  expect(sent.Successful?.map(({ Id }) => Id)).toEqual(['a', 'c']);
  expect(sent.Failed).toMatchObject([{ Id: 'b', SenderFault: true, Code: 'InvalidParameterValue' }]);
  const [first] = await account.receive(QueueUrl);
  const removed = await account.client.send(
    new DeleteMessageBatchCommand({
      QueueUrl,
      Entries: [
        { Id: 'a', ReceiptHandle: first?.receipt },
        { Id: 'b', ReceiptHandle: 'nonsense' },
      ],
    }),
  );
  expect(removed.Successful).toEqual([{ Id: 'a' }]);
  expect(removed.Failed).toMatchObject([{ Id: 'b', Code: 'ReceiptHandleIsInvalid' }]);
  expect(await account.counts(QueueUrl)).toEqual([0, 1, 0]);
});

test.each([
  ['EmptyBatchRequest', []],
  ['TooManyEntriesInBatchRequest', Array.from({ length: 11 }, (_, i) => ({ Id: `${i}`, MessageBody: 'x' }))],
  ['BatchEntryIdsNotDistinct', Array.from({ length: 2 }, () => ({ Id: 'a', MessageBody: 'x' }))],
  ['InvalidBatchEntryId', [{ Id: 'a b', MessageBody: 'x' }]],
  ['BatchRequestTooLong', ['a', 'b'].map((Id) => ({ Id, MessageBody: 'x'.repeat(600_000) }))],
])('a batch with %s sends nothing', async (name, Entries) => {
  const command = new SendMessageBatchCommand({ QueueUrl, Entries });
  await expect(account.client.send(command)).rejects.toMatchObject({ name });
  expect(await account.counts(QueueUrl)).toEqual([0, 0, 0]);
});
