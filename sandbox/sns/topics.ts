import { join } from 'node:path';
import { ACCOUNT, arn } from '../aws/account.ts';
import { AwsError, type XmlObject } from '../aws/protocol.ts';
import { type Document, documentAt } from '../state.ts';
import type { Parameters } from './parameters.ts';

const ENDPOINTS = {
  lambda: /^arn:aws:lambda:/,
  http: /^http:\/\//,
  https: /^https:\/\//,
  email: /^[^@\s]+@[^@\s]+$/,
} as const;

export interface Subscription {
  readonly arn: string;
  readonly protocol: keyof typeof ENDPOINTS;
  readonly endpoint: string;
}

export interface Topic {
  readonly arn: string;
  readonly displayName: string;
  readonly subscriptions: readonly Subscription[];
}

/** The topics by ARN, kept across restarts. */
export type Topics = Document<Readonly<Record<string, Topic>>>;

const NAME = /^[A-Za-z0-9_-]{1,256}$/;

export function openTopics(directory: string): Topics {
  return documentAt(join(directory, 'topics.json'), {});
}

/** Throws NotFound. */
export function topicOf(topics: Topics, topicArn: string | undefined): Topic {
  const all = topics.read();
  const topic = topicArn !== undefined && Object.hasOwn(all, topicArn) ? all[topicArn] : undefined;
  if (!topic) throw new AwsError('NotFound', 'Topic does not exist', { statusCode: 404 });
  return topic;
}

export function invalid(message: string): AwsError {
  return new AwsError('InvalidParameter', `Invalid parameter: ${message}`);
}

/** Creating a topic or a subscription that exists already is no error, as on AWS. */
export function topicOperations(topics: Topics): Readonly<Record<string, (input: Parameters) => XmlObject>> {
  const put = (topic: Topic) => topics.write({ ...topics.read(), [topic.arn]: topic });
  return {
    CreateTopic: (input) => {
      const topicArn = arn('sns', checkName(input.Name ?? ''));
      if (!Object.hasOwn(topics.read(), topicArn))
        put({ arn: topicArn, displayName: displayNameOf(input), subscriptions: [] });
      return { TopicArn: topicArn };
    },
    DeleteTopic: (input) => {
      const { [String(input.TopicArn)]: _deleted, ...others } = topics.read();
      topics.write(others);
      return {};
    },
    ListTopics: () => ({
      Topics: { member: Object.keys(topics.read()).map((TopicArn) => ({ TopicArn })) },
    }),
    GetTopicAttributes: (input) => ({ Attributes: attributesOf(topicOf(topics, input.TopicArn)) }),
    Subscribe: (input) => {
      const topic = topicOf(topics, input.TopicArn);
      const subscription = subscriptionFrom(topic, input);
      const others = topic.subscriptions.filter(({ arn }) => arn !== subscription.arn);
      put({ ...topic, subscriptions: [...others, subscription] });
      return { SubscriptionArn: subscription.arn };
    },
    Unsubscribe: (input) => {
      for (const topic of Object.values(topics.read())) {
        const subscriptions = topic.subscriptions.filter(({ arn }) => arn !== input.SubscriptionArn);
        if (subscriptions.length < topic.subscriptions.length) put({ ...topic, subscriptions });
      }
      return {};
    },
    ListSubscriptionsByTopic: (input) => {
      const topic = topicOf(topics, input.TopicArn);
      return { Subscriptions: { member: topic.subscriptions.map((each) => describe(topic, each)) } };
    },
  };
}

function checkName(name: string): string {
  if (name.endsWith('.fifo')) throw invalid('the sandbox has no FIFO topics');
  if (!NAME.test(name)) throw invalid('Topic Name');
  return name;
}

function displayNameOf(input: Parameters): string {
  const entry = Object.keys(input).find((key) => input[key] === 'DisplayName');
  return (entry && input[entry.replace(/key$/, 'value')]) ?? '';
}

function attributesOf(topic: Topic): XmlObject {
  const attributes = {
    TopicArn: topic.arn,
    Owner: ACCOUNT,
    DisplayName: topic.displayName,
    SubscriptionsConfirmed: topic.subscriptions.length,
    SubscriptionsPending: 0,
    SubscriptionsDeleted: 0,
  };
  return { entry: Object.entries(attributes).map(([key, value]) => ({ key, value })) };
}

/** Unlike on AWS, nobody need confirm a subscription: there is nobody else on this computer to protect. */
function subscriptionFrom(topic: Topic, input: Parameters): Subscription {
  const protocol = input.Protocol ?? '';
  const endpoint = input.Endpoint ?? '';
  if (!isProtocol(protocol))
    throw invalid(`Protocol '${protocol}': the sandbox has ${Object.keys(ENDPOINTS).join(', ')}`);
  if (!ENDPOINTS[protocol].test(endpoint))
    throw invalid(`Endpoint '${endpoint}' does not fit the protocol ${protocol}`);
  if (Object.keys(input).some((key) => key.startsWith('Attributes.')))
    throw invalid('Attributes: the sandbox has no filter policies and no raw delivery');
  const existing = topic.subscriptions.find(
    (subscription) => subscription.protocol === protocol && subscription.endpoint === endpoint,
  );
  return existing ?? { arn: `${topic.arn}:${crypto.randomUUID()}`, protocol, endpoint };
}

function isProtocol(protocol: string): protocol is Subscription['protocol'] {
  return Object.hasOwn(ENDPOINTS, protocol);
}

function describe(topic: Topic, subscription: Subscription): XmlObject {
  return {
    SubscriptionArn: subscription.arn,
    Owner: ACCOUNT,
    Protocol: subscription.protocol,
    Endpoint: subscription.endpoint,
    TopicArn: topic.arn,
  };
}
