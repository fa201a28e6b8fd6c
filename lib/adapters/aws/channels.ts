import { GetTopicAttributesCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Channels } from '../../ports/guardrails.ts';

/** Counts the subscriptions of the plan's topic, or of the product's own. */
export function snsChannels(sns: SNSClient, defaultTopicArn: string): Channels {
  return async ({ notifications }) => {
    const topicArn = notifications.topicArn ?? defaultTopicArn;
    const { Attributes = {} } = await sns.send(new GetTopicAttributesCommand({ TopicArn: topicArn }));
    const { SubscriptionsConfirmed, SubscriptionsPending } = Attributes;
    return { topicArn, confirmed: count(SubscriptionsConfirmed), pending: count(SubscriptionsPending) };
  };
}

function count(written: string | undefined): number {
  return Number(written ?? 0) || 0;
}
