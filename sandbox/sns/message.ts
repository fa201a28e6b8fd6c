import { type MessageAttribute, messageAttributesFrom, type Parameters } from './parameters.ts';
import { invalid } from './topics.ts';

export interface Message {
  readonly messageId: string;
  readonly topicArn: string;
  readonly subject: string | undefined;
  readonly message: string;
  readonly messageAttributes: Readonly<Record<string, MessageAttribute>>;
  /** ISO 8601, in milliseconds. */
  readonly timestamp: string;
}

const MAX_BYTES = 262_144;
const SUBJECT = /^[\x20-\x7e]{1,100}$/;

/** Throws InvalidParameter. */
export function messageFrom(topicArn: string, input: Parameters, nowMs: number): Message {
  const { Message: message = '', Subject: subject, MessageStructure } = input;
  const messageAttributes = messageAttributesFrom(input);
  if (MessageStructure) throw invalid('MessageStructure: the sandbox has one message for all protocols');
  if (message === '') throw invalid('Empty message');
  if (subject !== undefined && !SUBJECT.test(subject)) throw invalid('Subject');
  const attributes = Object.entries(messageAttributes).flatMap(([name, { Type, Value }]) => [
    name,
    Type,
    Value,
  ]);
  if (Buffer.byteLength([message, ...attributes].join('')) > MAX_BYTES) throw invalid('Message too long');
  const timestamp = new Date(nowMs).toISOString();
  return { messageId: crypto.randomUUID(), topicArn, subject, message, messageAttributes, timestamp };
}

/** What a function receives. */
export function lambdaEvent(message: Message, subscriptionArn: string): object {
  const { Type, MessageId, TopicArn, Subject, ...rest } = notification(message);
  return {
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: subscriptionArn,
        Sns: { Type, MessageId, TopicArn, Subject: Subject ?? null, ...rest },
      },
    ],
  };
}

/** What a web server receives. Nothing is signed. */
export function notification(message: Message) {
  return {
    Type: 'Notification',
    MessageId: message.messageId,
    TopicArn: message.topicArn,
    ...(message.subject !== undefined && { Subject: message.subject }),
    Message: message.message,
    Timestamp: message.timestamp,
    SignatureVersion: '1',
    Signature: '',
    MessageAttributes: message.messageAttributes,
  };
}
