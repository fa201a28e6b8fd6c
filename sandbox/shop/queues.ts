import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { arn } from '../aws/account.ts';
import { clientSettings } from '../aws/client-settings.ts';

/** Tells of orders that were placed. */
export const QUEUE = 'shop-orders';
const DEAD_LETTERS = 'shop-orders-dead';

/** Short, so that nobody waits long for a message that a task took with it. */
const VISIBILITY_TIMEOUT_SECONDS = 2;
const MOST_RECEIVES = 3;

/** The shop's queue, and where its messages go that nobody could handle. */
export async function putShopQueues(environment: Readonly<Record<string, string>>): Promise<void> {
  const client = new SQSClient(clientSettings(environment));
  const RedrivePolicy = JSON.stringify({
    deadLetterTargetArn: arn('sqs', DEAD_LETTERS),
    maxReceiveCount: MOST_RECEIVES,
  });
  const Attributes = { VisibilityTimeout: String(VISIBILITY_TIMEOUT_SECONDS), RedrivePolicy };
  try {
    await client.send(new CreateQueueCommand({ QueueName: DEAD_LETTERS }));
    await client.send(new CreateQueueCommand({ QueueName: QUEUE, Attributes }));
  } finally {
    client.destroy();
  }
}
