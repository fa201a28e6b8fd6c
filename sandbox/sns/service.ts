import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Deliver } from '../aws/events.ts';
import { type Endpoint, queryEndpoint } from '../aws/protocol.ts';
import type { Truth } from '../truth.ts';
import { deliverer } from './deliveries.ts';
import { messageFrom } from './message.ts';
import type { Parameters } from './parameters.ts';
import { invalid, openTopics, topicOf, topicOperations } from './topics.ts';

export interface Sns {
  readonly endpoint: Endpoint;
  /** Publishes from inside, for what delivers to topics. Throws `AwsError` (`NotFound`, `InvalidParameter`). */
  readonly publish: (topicArn: string, message: string) => Promise<void>;
}

const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';

/** Standard topics. Every published message is one JSON line of `<directory>/published.jsonl`, every e-mail one of `outboxFile`. */
export function startSns(options: {
  readonly directory: string;
  readonly outboxFile: string;
  readonly deliver: Deliver;
  readonly truth?: Truth;
  readonly now?: () => number;
  readonly retryDelayMs?: number;
}): Sns {
  const { directory, outboxFile, deliver, truth = () => {}, now = Date.now, retryDelayMs = 200 } = options;
  const topics = openTopics(directory);
  const deliverMessage = deliverer({ deliver, outboxFile, truth, retryDelayMs });
  const publish = (input: Parameters) => {
    if (input.PhoneNumber) throw invalid('PhoneNumber: the sandbox sends no text messages');
    const topic = topicOf(topics, input.TopicArn ?? input.TargetArn);
    const message = messageFrom(topic.arn, input, now());
    appendFileSync(join(directory, 'published.jsonl'), `${JSON.stringify(message)}\n`);
    for (const subscription of topic.subscriptions) void deliverMessage(message, subscription);
    return { MessageId: message.messageId };
  };
  return {
    endpoint: queryEndpoint({ ...topicOperations(topics), Publish: publish }, NAMESPACE),
    publish: async (topicArn, message) => {
      publish({ TopicArn: topicArn, Message: message });
    },
  };
}
