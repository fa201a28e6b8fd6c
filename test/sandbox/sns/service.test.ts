import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTopicsCommand,
  PublishCommand,
  type PublishCommandInput,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Gateway, startGateway } from '../../../sandbox/aws/gateway.ts';
import { type Sns, startSns } from '../../../sandbox/sns/service.ts';

const TopicArn = 'arn:aws:sns:us-east-1:000000000000:alarms';
const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:notify';
const messageAttributes = { severity: { DataType: 'String', StringValue: 'high <1>' } };
let directory: string;
let delivered: [string, unknown][];
let failuresLeft: number;
let truth: object[];
let sns: Sns;
let gateway: Gateway;
let client: SNSClient;
let webServer: Server | undefined;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'sandbox-sns-'));
  [delivered, failuresLeft, truth] = [[], 0, []];
  sns = start();
  gateway = await startGateway({ sns: (request) => sns.endpoint(request) });
  const credentials = { accessKeyId: 'x', secretAccessKey: 'y' };
  client = new SNSClient({ endpoint: gateway.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  await client.send(new CreateTopicCommand({ Name: 'alarms', Attributes: { DisplayName: 'Alarms' } }));
});

afterEach(async () => {
  client.destroy();
  await gateway.close();
  webServer?.closeAllConnections();
  webServer?.close();
  webServer = undefined;
  rmSync(directory, { recursive: true, force: true });
});

function start(): Sns {
  return startSns({
    directory,
    outboxFile: join(directory, 'outbox.jsonl'),
    deliver: async (...delivery) => {
      failuresLeft -= 1;
      if (failuresLeft >= 0) throw new Error('not now');
      delivered.push(delivery);
    },
    truth: (event, facts) => truth.push({ event, ...facts }),
    now: () => Date.UTC(2026, 10, 21, 3, 4, 5, 678),
    retryDelayMs: 1,
  });
}

async function listen(
  answer: () => number,
): Promise<{ url: string; received: [IncomingMessage, unknown][] }> {
  const received: [IncomingMessage, unknown][] = [];
  webServer = createServer(async (request, response) => {
    const body = JSON.parse(await text(request));
    response.writeHead(answer()).end();
    received.push([request, body]);
  });
  await new Promise<void>((resolve) => webServer?.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(webServer.address() as AddressInfo).port}/hook`, received };
}

const publish = (input: Partial<PublishCommandInput> = {}) =>
  client.send(new PublishCommand({ TopicArn, Message: 'it broke', ...input }));
const subscribe = (Protocol: string, Endpoint: string, Attributes?: Record<string, string>) =>
  client.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint, ...(Attributes && { Attributes }) }));

test('refuses topics that do not exist', async () => {
  const notFound = { name: 'NotFoundException', $metadata: { httpStatusCode: 404 } };
  const absent = `${TopicArn}-absent`;
  await expect(publish({ TopicArn: absent })).rejects.toMatchObject(notFound);
  await expect(sns.publish(absent, 'x')).rejects.toMatchObject({ code: 'NotFound' });
  const attributes = client.send(new GetTopicAttributesCommand({ TopicArn: absent }));
  await expect(attributes).rejects.toMatchObject(notFound);
});

test.each<[string, Partial<PublishCommandInput>]>([
  ['an empty message', { Message: '' }],
  ['a message larger than 256 KB', { Message: 'x'.repeat(262_145) }],
  ['a subject of two lines', { Subject: 'a\nb' }],
  ['a message per protocol', { MessageStructure: 'json', Message: '{"default":"x"}' }],
])('refuses %s', async (_title, input) => {
  await expect(publish(input)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  expect(existsSync(join(directory, 'published.jsonl'))).toBe(false);
});

test.each<[string, string, string, Record<string, string>?]>([
  ['a text message', 'sms', '+4912345'],
  ['an e-mail address that is none', 'email', 'on-call'],
  ['an endpoint of another protocol', 'lambda', 'http://127.0.0.1/'],
  ['a filter policy', 'lambda', functionArn, { FilterPolicy: '{}' }],
])('refuses a subscription with %s', async (_title, protocol, endpoint, attributes) => {
  await expect(subscribe(protocol, endpoint, attributes)).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
});

test('refuses topic names that AWS refuses', async () => {
  const named = (Name: string) => client.send(new CreateTopicCommand({ Name }));
  await expect(named('my topic')).rejects.toMatchObject({ name: 'InvalidParameterException' });
  await expect(named('orders.fifo')).rejects.toMatchObject({ name: 'InvalidParameterException' });
});

test('gives up on a subscriber that keeps failing, and says so', async () => {
  failuresLeft = 100;
  await subscribe('lambda', functionArn);
  await publish();
  await vi.waitFor(() => expect(truth).toHaveLength(1), 5000);
  expect(truth[0]).toMatchObject({
    event: 'sns.delivery-dropped',
    topicArn: TopicArn,
    endpoint: functionArn,
    attempts: 4,
    reason: 'Error: not now',
  });
});

test('writes every message down, with or without subscribers', async () => {
  const { MessageId } = await publish({ Subject: 'Alarm', MessageAttributes: messageAttributes });
  await sns.publish(TopicArn, 'from inside');
  const lines = readFileSync(join(directory, 'published.jsonl'), 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      messageId: MessageId,
      topicArn: TopicArn,
      subject: 'Alarm',
      message: 'it broke',
      messageAttributes: { severity: { Type: 'String', Value: 'high <1>' } },
      timestamp: '2026-11-21T03:04:05.678Z',
    },
    expect.objectContaining({ message: 'from inside', topicArn: TopicArn }),
  ]);
});

test('delivers to a function as SNS does, again if it failed', async () => {
  failuresLeft = 2;
  const { SubscriptionArn } = await subscribe('lambda', functionArn);
  const { MessageId } = await publish({ MessageAttributes: messageAttributes });
  await vi.waitFor(() => expect(delivered).toHaveLength(1), 5000);
  const Sns = {
    Type: 'Notification',
    MessageId,
    TopicArn,
    Subject: null,
    Message: 'it broke',
    Timestamp: '2026-11-21T03:04:05.678Z',
    MessageAttributes: { severity: { Type: 'String', Value: 'high <1>' } },
  };
  expect(delivered).toMatchObject([
    [
      functionArn,
      {
        Records: [
          { EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: SubscriptionArn, Sns },
        ],
      },
    ],
  ]);
});

test('posts to a web server, again if it answered an error', async () => {
  const answers = [503, 200];
  const { url, received } = await listen(() => answers.shift() ?? 200);
  await subscribe('http', url);
  const { MessageId } = await publish({ Subject: 'Alarm' });
  await vi.waitFor(() => expect(received).toHaveLength(2), 5000);
  const [request, body] = received[1]!;
  expect(request).toMatchObject({ method: 'POST', url: '/hook' });
  expect(request.headers).toMatchObject({
    'x-amz-sns-message-type': 'Notification',
    'x-amz-sns-topic-arn': TopicArn,
    'content-type': 'text/plain; charset=UTF-8',
  });
  expect(body).toMatchObject({
    Type: 'Notification',
    MessageId,
    TopicArn,
    Subject: 'Alarm',
    Message: 'it broke',
  });
});

test('an e-mail goes to the outbox, once for each address, and to nobody after its subscription', async () => {
  const { SubscriptionArn } = await subscribe('email', 'on-call@example.com');
  await subscribe('email', 'on-call@example.com');
  await subscribe('email', 'lead@example.com');
  await publish({ Subject: 'Alarm' });
  await client.send(new UnsubscribeCommand({ SubscriptionArn }));
  await publish();
  const lines = readFileSync(join(directory, 'outbox.jsonl'), 'utf8').trimEnd().split('\n');
  const sent = { at: '2026-11-21T03:04:05.678Z', message: 'it broke', topicArn: TopicArn };
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { ...sent, to: 'on-call@example.com', subject: 'Alarm' },
    { ...sent, to: 'lead@example.com', subject: 'Alarm' },
    { ...sent, to: 'lead@example.com', subject: 'AWS Notification Message' },
  ]);
});

test('lists, describes and forgets topics and subscriptions', async () => {
  const { SubscriptionArn } = await subscribe('lambda', functionArn);
  expect(await subscribe('lambda', functionArn)).toMatchObject({ SubscriptionArn });
  await client.send(new CreateTopicCommand({ Name: 'alarms' }));
  const { Attributes } = await client.send(new GetTopicAttributesCommand({ TopicArn }));
  expect(Attributes).toMatchObject({ TopicArn, DisplayName: 'Alarms', SubscriptionsConfirmed: '1' });
  sns = start();
  expect((await client.send(new ListTopicsCommand({}))).Topics).toEqual([{ TopicArn }]);
  const list = async () =>
    (await client.send(new ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions;
  expect(await list()).toEqual([
    { SubscriptionArn, Owner: '000000000000', Protocol: 'lambda', Endpoint: functionArn, TopicArn },
  ]);
  await client.send(new UnsubscribeCommand({ SubscriptionArn }));
  expect(await list()).toEqual([]);
  await client.send(new DeleteTopicCommand({ TopicArn }));
  expect((await client.send(new ListTopicsCommand({}))).Topics).toEqual([]);
});
