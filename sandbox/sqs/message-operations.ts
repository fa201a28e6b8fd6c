import * as v from 'valibot';
import { integer, members, read, text } from '../aws/input.ts';
import type { JsonObject, Operation } from '../aws/protocol.ts';
import { inBatches } from './batch.ts';
import { INVALID_VALUE, invalidValue, sqsError } from './errors.ts';
import {
  attributeBytes,
  checkAttributes,
  md5,
  md5OfAttributes,
  messageAttributes,
} from './message-attributes.ts';
import { nameFrom, type Queues } from './queues.ts';
import { openReceipt } from './receipt.ts';

const sendInput = members({
  QueueUrl: text,
  MessageBody: v.string('must be a string'),
  DelaySeconds: v.optional(integer(0, 900)),
  MessageAttributes: messageAttributes,
});
const deleteInput = members({ QueueUrl: text, ReceiptHandle: text });
const hideInput = members({ QueueUrl: text, ReceiptHandle: text, VisibilityTimeout: integer(0, 43_200) });

const MOST_BATCH_BYTES = 1_048_576;
/** What XML 1.0 allows. */
const SPOKEN = /^[\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;

export function messageOperations(queues: Queues): Readonly<Record<string, Operation>> {
  const SendMessage: Operation = (input) => {
    const { QueueUrl, MessageBody, DelaySeconds, MessageAttributes } = read(sendInput, input, INVALID_VALUE);
    const { record, queue, waiting } = queues.get(nameFrom(QueueUrl));
    const attributes = checkAttributes(MessageAttributes);
    const { DelaySeconds: usualDelay, MaximumMessageSize } = record.settings.numbers;
    checkBody(MessageBody, attributeBytes(attributes), MaximumMessageSize);
    const id = crypto.randomUUID();
    queue.send({ id, body: MessageBody, attributes }, (DelaySeconds ?? usualDelay) * 1000);
    waiting.wake();
    return {
      MessageId: id,
      MD5OfMessageBody: md5(MessageBody),
      MD5OfMessageAttributes: md5OfAttributes(attributes),
    };
  };
  const DeleteMessage: Operation = (input) => {
    const { QueueUrl, ReceiptHandle } = read(deleteInput, input, INVALID_VALUE);
    const { record, queue } = queues.get(nameFrom(QueueUrl));
    const { id, receipt } = openReceipt(ReceiptHandle, record.name);
    queue.delete(id, receipt);
    return {};
  };
  const ChangeMessageVisibility: Operation = (input) => {
    const { QueueUrl, ReceiptHandle, VisibilityTimeout } = read(hideInput, input, INVALID_VALUE);
    const { record, queue, waiting } = queues.get(nameFrom(QueueUrl));
    const { id, receipt } = openReceipt(ReceiptHandle, record.name);
    queue.hide(id, receipt, VisibilityTimeout * 1000);
    waiting.wake();
    return {};
  };
  return {
    SendMessage,
    SendMessageBatch: inBatches(SendMessage, checkTogether),
    DeleteMessage,
    DeleteMessageBatch: inBatches(DeleteMessage),
    ChangeMessageVisibility,
    ChangeMessageVisibilityBatch: inBatches(ChangeMessageVisibility),
  };
}

function checkBody(body: string, otherBytes: number, mostBytes: number): void {
  if (body.length === 0) throw invalidValue('MessageBody', 'it must not be empty');
  if (!SPOKEN.test(body))
    throw sqsError('InvalidMessageContents', 'Invalid characters found in the message body.');
  const bytes = Buffer.byteLength(body) + otherBytes;
  if (bytes > mostBytes)
    throw invalidValue('MessageBody', `message must be shorter than ${mostBytes} bytes; received ${bytes}`);
}

/** An entry that is no message fails later, by itself. */
function checkTogether(entries: readonly JsonObject[]): void {
  const bytes = entries.reduce((total, { MessageBody }) => total + Buffer.byteLength(String(MessageBody)), 0);
  if (bytes <= MOST_BATCH_BYTES) return;
  throw sqsError(
    'BatchRequestTooLong',
    `Batch requests cannot be longer than ${MOST_BATCH_BYTES} bytes. You have sent ${bytes} bytes.`,
  );
}
