import { DeleteMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { backgroundWorkOf } from '../../../../lib/adapters/aws/background-work.ts';
import type { MetricValue } from '../../../../lib/ports/validations.ts';
import { before, validatedDrill } from '../../../fixtures/validated-drill.ts';
import { type QueueAccount, queueAccount } from '../../../sandbox/sqs/account.ts';

const { signal } = new AbortController();
let account: QueueAccount;
let nowMs: number;
let ages: readonly MetricValue[];
/** What happens while it waits. */
let meanwhile: (() => Promise<void>)[];

beforeEach(async () => {
  account = await queueAccount();
  nowMs = 0;
  ages = [];
  meanwhile = [];
});

afterEach(() => account.close());

function validator() {
  const clock = {
    now: () => nowMs,
    async sleep(ms: number) {
      nowMs += ms;
      await meanwhile.shift()?.();
    },
  };
  return backgroundWorkOf({ clock, sqs: account.client, metrics: async () => ages });
}

function drill(queues: string, found?: unknown) {
  const journal = found === undefined ? [] : [before(found)];
  return validatedDrill('background-work', `queues: ${queues}, timeout: 10s`, journal);
}

function measured(queues: string) {
  const { drill: checked, validation } = drill(queues);
  return validator().before?.(validation, checked, signal);
}

function judged(queues: string, found: unknown) {
  const { drill: checked, validation } = drill(queues, found);
  return validator().judge(validation, checked, signal);
}

test('a queue that is not there refuses the drill', async () => {
  await expect(measured('[{ name: absent }]')).rejects.toThrow('does not exist');
});

test('a queue that is gone afterwards proves nothing', async () => {
  await account.queue('orders');
  const found = await measured('[{ name: orders }]');
  expect(await judged('[{ name: absent }]', found)).toMatchObject({
    verdict: 'unknown',
    reason: 'queue absent was not measured before the drill',
  });
});

test('messages that wait for a consumer do not pass, also while somebody holds them', async () => {
  const url = await account.queue('orders');
  await account.send(url, 'an order');
  const found = await measured('[{ name: orders }]');
  expect(found).toEqual({ orders: { visible: 1, inFlight: 0, delayed: 0, oldestMs: null } });
  await account.send(url, 'another order');
  await account.receive(url);
  expect(await judged('[{ name: orders }]', found)).toMatchObject({
    verdict: 'failed',
    reason: 'messages in orders 2 > 1 before',
  });
});

test('dead letters do not pass', async () => {
  const url = await account.queue('given-up');
  const found = await measured(`[{ url: '${url}', deadLetter: true }]`);
  for (let count = 1; count <= 4; count++) await account.send(url, 'an order');
  expect(await judged(`[{ url: '${url}', deadLetter: true }]`, found)).toMatchObject({
    verdict: 'failed',
    reason: 'dead letters in given-up 4 > 0 before',
  });
});

test('an old message does not pass where the plan limits its age', async () => {
  const url = await account.queue('orders');
  await account.send(url, 'an order');
  ages = [{ atMs: 0, value: 3 }];
  const found = await measured('[{ name: orders }]');
  ages = [
    { atMs: 0, value: 3 },
    { atMs: 60_000, value: 9 },
  ];
  expect(await judged('[{ name: orders, maximumAge: 5s }]', found)).toMatchObject({
    verdict: 'failed',
    reason: 'the oldest message in orders is 9000 ms old > 5000 ms',
  });
});

test('work has time to be done, and is done only when that is so in three looks running', async () => {
  const url = await account.queue('orders');
  const found = await measured('[{ name: orders }]');
  await account.send(url, 'an order');
  const work = async () => {
    const [message] = await account.receive(url);
    await account.client.send(
      new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message?.receipt ?? '' }),
    );
  };
  const more = () => account.send(url, 'another order');
  meanwhile = [work, async () => {}, more, work];
  expect(await judged('[{ name: orders }]', found)).toMatchObject({
    verdict: 'passed',
    reason: 'messages in orders 0 ≤ 0 before',
  });
  expect(nowMs).toBe(6_000);
});
