import { sqsError } from './errors.ts';
import { arnOf } from './queues.ts';

/** What a receiver shows to delete a message: opaque to it, of this queue, this message and this receive. */
export function receiptHandle(queueName: string, id: string, receipt: string): string {
  return Buffer.from([arnOf(queueName), id, receipt].join(' ')).toString('base64');
}

/** Throws ReceiptHandleIsInvalid for what is no receipt of this queue. */
export function openReceipt(
  handle: string,
  queueName: string,
): { readonly id: string; readonly receipt: string } {
  const [queueArn, id, receipt, ...rest] = Buffer.from(handle, 'base64').toString().split(' ');
  if (queueArn === arnOf(queueName) && id && receipt && rest.length === 0) return { id, receipt };
  throw sqsError(
    'ReceiptHandleIsInvalid',
    `The input receipt handle "${handle}" is not a valid receipt handle.`,
  );
}
