import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Announcer } from '../../ports.ts';

/** Subjects of SNS are ASCII, without line breaks, at most 100 characters. */
export function snsAnnouncer(sns: SNSClient, defaultTopicArn: string): Announcer {
  return {
    async announce(plan, subject, message) {
      const Subject = subject.replace(/[^\x20-\x7e]/g, '?').slice(0, 100);
      await sns.send(
        new PublishCommand({
          TopicArn: plan.notifications.topicArn ?? defaultTopicArn,
          Subject,
          Message: message,
        }),
      );
    },
  };
}
