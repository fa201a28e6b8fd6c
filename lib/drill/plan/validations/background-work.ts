import * as v from 'valibot';
import { closed, listOf, must, section, text, whole } from '../fields.ts';
import { duration } from '../words.ts';
import { common } from './every-kind.ts';

/** What waits in queues, and what was given up, is again no more than before the drill. */
export function backgroundWork() {
  return closed({
    ...common('background-work', '2m'),
    queues: v.pipe(
      listOf(queue(), { least: 1, most: 20, what: 'queues' }),
      v.description('the queues whose work must be done again'),
    ),
  });
}

function queue() {
  return v.pipe(
    section({
      name: v.exactOptional(
        v.pipe(queueName(), v.description('the name of the queue, in this account and Region')),
      ),
      url: v.exactOptional(v.pipe(queueUrl(), v.description('its URL, when it lies in another account'))),
      deadLetter: v.optional(
        v.pipe(
          flag(),
          v.description('whether it keeps what was given up, so that nothing may be added to it'),
        ),
        false,
      ),
      tolerance: v.optional(
        v.pipe(whole(0, 1_000_000), v.description('so many messages more than before do not count')),
        0,
      ),
      maximumAge: v.exactOptional(
        v.pipe(
          duration('1s', '24h'),
          v.description('how old the oldest message may be, unless it was older before the drill'),
        ),
      ),
    }),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      const { name, url } = dataset.value;
      if ((name === undefined) === (url === undefined))
        addIssue({
          message: `must have exactly one of name or url; received ${name === undefined ? 'none of them' : 'both'}.`,
        });
    }),
  );
}

function queueName() {
  return text(
    /^[A-Za-z0-9_-]{1,80}(?:\.fifo)?$/,
    'the name of an SQS queue: 1 to 80 letters, digits, - or _, with .fifo at its end if it is one',
  );
}

function queueUrl() {
  return text(
    /^https?:\/\/[A-Za-z0-9.:-]{1,255}\/\d{12}\/[A-Za-z0-9_-]{1,80}(?:\.fifo)?$/,
    'the URL of an SQS queue, like https://sqs.eu-west-1.amazonaws.com/123456789012/orders',
  );
}

function flag() {
  return v.boolean(must('true or false'));
}
