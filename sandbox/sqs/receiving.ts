import * as v from 'valibot';
import { integer, listOf, members, read, text } from '../aws/input.ts';
import type { JsonObject, Operation } from '../aws/protocol.ts';
import { INVALID_VALUE, sqsError } from './errors.ts';
import { md5, md5OfAttributes, selected } from './message-attributes.ts';
import type { Message } from './message-log.ts';
import { nameFrom, type Queues } from './queues.ts';
import { receiptHandle } from './receipt.ts';

const names = v.optional(listOf(text, 50), []);
const receiveInput = members({
  QueueUrl: text,
  MaxNumberOfMessages: v.optional(integer(1, 10), 1),
  VisibilityTimeout: v.optional(integer(0, 43_200)),
  WaitTimeSeconds: v.optional(integer(0, 20)),
  AttributeNames: names,
  MessageSystemAttributeNames: names,
  MessageAttributeNames: names,
});

/** Long polls that are open: none goes on once the service closes. */
export interface Polls {
  readonly isClosed: () => boolean;
  /** Runs a poll. Throws OverLimit when there are too many. */
  run<Result>(poll: () => Promise<Result>): Promise<Result>;
}

/** Waits for messages for as long as the caller says, while it is there to take them. */
export function receiveMessage(
  queues: Queues,
  polls: Polls,
  now: () => number,
  abandoned: AbortSignal | undefined,
): Operation {
  return async (input) => {
    const asked = read(receiveInput, input, INVALID_VALUE);
    const name = nameFrom(asked.QueueUrl);
    const { numbers } = queues.get(name).record.settings;
    const waitSeconds = asked.WaitTimeSeconds ?? numbers.ReceiveMessageWaitTimeSeconds;
    const untilMs = now() + waitSeconds * 1000;
    const hiddenMs = (asked.VisibilityTimeout ?? numbers.VisibilityTimeout) * 1000;
    const messages = await polls.run(() => take(name, asked.MaxNumberOfMessages, hiddenMs, untilMs));
    if (messages.length === 0) return {};
    const told = [...asked.AttributeNames, ...asked.MessageSystemAttributeNames];
    return {
      Messages: messages.map((message) => describe(name, message, told, asked.MessageAttributeNames)),
    };
  };

  async function take(name: string, most: number, hiddenMs: number, untilMs: number) {
    for (;;) {
      if (abandoned?.aborted) return [];
      const { queue, waiting } = queues.get(name);
      const messages = queue.receive(most, hiddenMs);
      const remainingMs = untilMs - now();
      if (messages.length > 0 || remainingMs <= 0 || polls.isClosed()) return messages;
      await waiting.wait(Math.min(remainingMs, queue.nextVisibleMs()), abandoned);
    }
  }
}

const MOST_POLLS = 1_000;

/** `wakeAll` wakes everybody who waits. */
export function openPolls(wakeAll: () => void): Polls & { close(): void } {
  let open = 0;
  let closed = false;
  return {
    isClosed: () => closed,
    async run(poll) {
      if (open >= MOST_POLLS)
        throw sqsError('OverLimit', `The sandbox lets at most ${MOST_POLLS} receivers wait at once.`);
      open += 1;
      return poll().finally(() => {
        open -= 1;
      });
    },
    close() {
      closed = true;
      wakeAll();
    },
  };
}

function describe(
  queueName: string,
  message: Message,
  systemNames: readonly string[],
  attributeNames: readonly string[],
): JsonObject {
  const attributes = selected(message.attributes, attributeNames);
  const system = systemAttributes(message, systemNames);
  return {
    MessageId: message.id,
    ReceiptHandle: receiptHandle(queueName, message.id, message.receipt ?? ''),
    Body: message.body,
    MD5OfBody: md5(message.body),
    ...(Object.keys(system).length > 0 && { Attributes: system }),
    ...(Object.keys(attributes).length > 0 && {
      MessageAttributes: attributes,
      MD5OfMessageAttributes: md5OfAttributes(attributes),
    }),
  };
}

/** In the order of the guide; who sent a message is not known here. */
function systemAttributes(message: Message, asked: readonly string[]): Readonly<Record<string, string>> {
  const { sentMs, receives, firstReceivedMs, sourceArn } = message;
  const known = {
    SentTimestamp: String(sentMs),
    ApproximateReceiveCount: String(receives),
    ApproximateFirstReceiveTimestamp: String(firstReceivedMs),
    ...(sourceArn !== undefined && { DeadLetterQueueSourceArn: sourceArn }),
  };
  return Object.fromEntries(
    Object.entries(known).filter(([name]) => asked.includes('All') || asked.includes(name)),
  );
}
