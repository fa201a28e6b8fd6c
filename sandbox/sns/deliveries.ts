import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Deliver } from '../aws/events.ts';
import type { Truth } from '../truth.ts';
import { lambdaEvent, type Message, notification } from './message.ts';
import type { Subscription } from './topics.ts';

const MAX_ATTEMPTS = 4;
const HTTP_LIMIT_MS = 5000;

/** SNS repeats for hours; the sandbox three times, with pauses that double from `retryDelayMs`. */
export function deliverer(options: {
  readonly deliver: Deliver;
  readonly outboxFile: string;
  readonly truth: Truth;
  readonly retryDelayMs: number;
}): (message: Message, subscription: Subscription) => Promise<void> {
  const { deliver, outboxFile, truth, retryDelayMs } = options;
  return async (message, subscription) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        if (subscription.protocol === 'lambda')
          return await deliver(subscription.endpoint, lambdaEvent(message, subscription.arn));
        if (subscription.protocol === 'email') return mail(outboxFile, message, subscription);
        return await post(message, subscription);
      } catch (error) {
        if (attempt >= MAX_ATTEMPTS) {
          const { messageId, topicArn } = message;
          const facts = { messageId, topicArn, endpoint: subscription.endpoint, attempts: attempt };
          return truth('sns.delivery-dropped', { ...facts, reason: String(error) });
        }
        await sleep(retryDelayMs * 2 ** (attempt - 1), undefined, { ref: false });
      }
    }
  };
}

/** Nobody on this computer gets mail: what would be sent is one line of the outbox. */
function mail(outboxFile: string, message: Message, { endpoint }: Subscription): void {
  const { timestamp: at, topicArn, subject = 'AWS Notification Message', message: text } = message;
  const sent = { at, to: endpoint, subject, message: text, topicArn };
  appendFileSync(outboxFile, `${JSON.stringify(sent)}\n`);
}

async function post(message: Message, subscription: Subscription): Promise<void> {
  const response = await fetch(subscription.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'text/plain; charset=UTF-8',
      'x-amz-sns-message-type': 'Notification',
      'x-amz-sns-message-id': message.messageId,
      'x-amz-sns-topic-arn': message.topicArn,
      'x-amz-sns-subscription-arn': subscription.arn,
    },
    body: JSON.stringify(notification(message)),
    signal: AbortSignal.timeout(HTTP_LIMIT_MS),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`${subscription.endpoint} answered ${response.status}`);
}
