import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Announcer } from '../../ports/people.ts';

/** SNS takes 256 KB; no character has more than four bytes. */
const MOST_CHARACTERS = 60_000;

/**
 * Subjects of SNS are ASCII, without line breaks, at most 100 characters. Messages are read in terminals too: nothing in them
 * moves a cursor or turns the reading direction.
 */
export function snsAnnouncer(sns: SNSClient, defaultTopicArn: string): Announcer {
  return {
    async announce(plan, subject, message) {
      const Subject = subject.replace(/[^\x20-\x7e]/g, '?').slice(0, 100);
      await sns.send(
        new PublishCommand({
          TopicArn: plan.notifications.topicArn ?? defaultTopicArn,
          Subject,
          Message: inert(message) || Subject,
        }),
      );
    },
  };
}

function inert(message: string): string {
  const bounded = message.slice(0, MOST_CHARACTERS);
  const cut = bounded.length < message.length ? '…' : '';
  return bounded.toWellFormed().replaceAll(/[^\P{Cc}\n]|[\p{Cf}\u2028\u2029]/gu, '') + cut;
}
