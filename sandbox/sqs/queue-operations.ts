import * as v from 'valibot';
import { ACCOUNT } from '../aws/account.ts';
import { integer, listOf, members, read, text } from '../aws/input.ts';
import type { Operation } from '../aws/protocol.ts';
import { attributesOf, settingsFrom, UNSUPPORTED } from './attributes.ts';
import { INVALID_VALUE, invalidValue, sqsError } from './errors.ts';
import { arnOf, type NamedQueue, nameFrom, type Queues } from './queues.ts';

const attributes = v.record(v.string(), v.string('must be a string'), 'must be a map');

const createInput = members({ QueueName: text, Attributes: v.optional(attributes, {}) });
const findInput = members({ QueueName: text, QueueOwnerAWSAccountId: v.optional(text) });
const queueInput = members({ QueueUrl: text });
const getInput = members({ QueueUrl: text, AttributeNames: v.optional(listOf(text, 50), []) });
const setInput = members({ QueueUrl: text, Attributes: attributes });
const listInput = members({
  QueueNamePrefix: v.optional(v.string('must be a string'), ''),
  MaxResults: v.optional(integer(1, 1_000)),
  NextToken: v.optional(text),
});

const NAME = /^[\w-]{1,80}$/;
const PURGE_PAUSE_MS = 60_000;

/** `urlOf` says under which address a client reaches a queue. */
export function queueOperations(
  queues: Queues,
  purgedMs: Map<string, number>,
  now: () => number,
  urlOf: (name: string) => string,
): Readonly<Record<string, Operation>> {
  return {
    CreateQueue: (input) => {
      const { QueueName, Attributes } = read(createInput, input, INVALID_VALUE);
      queues.create(checkName(QueueName), Object.keys(Attributes), settingsFrom(Attributes));
      return { QueueUrl: urlOf(QueueName) };
    },
    GetQueueUrl: (input) => {
      const { QueueName, QueueOwnerAWSAccountId = ACCOUNT } = read(findInput, input, INVALID_VALUE);
      if (QueueOwnerAWSAccountId !== ACCOUNT) queues.get('');
      return { QueueUrl: urlOf(queues.get(QueueName).record.name) };
    },
    ListQueues: (input) => {
      const { QueueNamePrefix, MaxResults, NextToken = '' } = read(listInput, input, INVALID_VALUE);
      const names = queues.all().map(({ record }) => record.name);
      const found = names.filter((name) => name.startsWith(QueueNamePrefix) && name > NextToken);
      const page = found.slice(0, MaxResults ?? 1_000);
      const isPaged = MaxResults !== undefined && page.length < found.length;
      return { QueueUrls: page.map(urlOf), ...(isPaged && { NextToken: page.at(-1) }) };
    },
    GetQueueAttributes: (input) => {
      const { QueueUrl, AttributeNames } = read(getInput, input, INVALID_VALUE);
      const known = describe(queues.get(nameFrom(QueueUrl)));
      const told = select(known, AttributeNames);
      return Object.keys(told).length > 0 ? { Attributes: told } : {};
    },
    SetQueueAttributes: (input) => {
      const { QueueUrl, Attributes } = read(setInput, input, INVALID_VALUE);
      const { record } = queues.get(nameFrom(QueueUrl));
      queues.configure(record.name, settingsFrom(Attributes, record.settings));
      return {};
    },
    PurgeQueue: (input) => {
      const { record, queue } = queues.get(nameFrom(read(queueInput, input, INVALID_VALUE).QueueUrl));
      if (now() - (purgedMs.get(record.name) ?? Number.NEGATIVE_INFINITY) < PURGE_PAUSE_MS)
        throw sqsError('PurgeQueueInProgress', 'Only one PurgeQueue operation is allowed every 60 seconds.');
      purgedMs.set(record.name, now());
      queue.purge();
      return {};
    },
    DeleteQueue: (input) => {
      const name = nameFrom(read(queueInput, input, INVALID_VALUE).QueueUrl);
      queues.delete(name);
      purgedMs.delete(name);
      return {};
    },
  };
}

function checkName(name: string): string {
  if (name.endsWith('.fifo'))
    throw sqsError('UnsupportedOperation', 'The sandbox has standard queues only, no FIFO.');
  if (NAME.test(name)) return name;
  throw invalidValue('QueueName', 'it has 1 to 80 letters, digits, hyphens and underscores');
}

/** Names that AWS knows and that have no value here, as on AWS when they were never set. */
const WITHOUT_VALUE = new Set([...UNSUPPORTED, 'RedrivePolicy']);

function select(known: Readonly<Record<string, string>>, names: readonly string[]) {
  const unknown = names.find(
    (name) => name !== 'All' && !Object.hasOwn(known, name) && !WITHOUT_VALUE.has(name),
  );
  if (unknown !== undefined) throw sqsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  if (names.includes('All')) return known;
  return Object.fromEntries(Object.entries(known).filter(([name]) => names.includes(name)));
}

function describe({ record, queue }: NamedQueue): Readonly<Record<string, string>> {
  const { visible, inFlight, delayed } = queue.counts();
  const seconds = (ms: number): string => String(Math.floor(ms / 1000));
  return {
    QueueArn: arnOf(record.name),
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: seconds(record.createdMs),
    LastModifiedTimestamp: seconds(record.modifiedMs),
    ...attributesOf(record.settings),
  };
}
