import { join } from 'node:path';
import { ACCOUNT, arn } from '../aws/account.ts';
import { attributesOf, type RedrivePolicy, type Settings } from './attributes.ts';
import { invalidValue, sqsError } from './errors.ts';
import { type MessageLog, messageLogAt } from './message-log.ts';
import { type DeadLetters, openQueue, type Queue } from './queue.ts';
import { openRecords, type QueueRecord, type QueueRecords } from './queue-records.ts';
import { type Waiting, waitingRoom } from './waiting.ts';

export interface NamedQueue {
  readonly record: QueueRecord;
  readonly queue: Queue;
  readonly waiting: Waiting;
}

/** Every queue, kept across restarts. */
export interface Queues {
  /** In the order of their names. */
  all(): readonly NamedQueue[];
  /** Throws QueueDoesNotExist. */
  get(name: string): NamedQueue;
  /**
   * The same again for a queue that is there, as far as the attributes with these names say. Throws QueueNameExists,
   * QueueDeletedRecently, OverLimit.
   */
  create(name: string, asked: readonly string[], settings: Settings): void;
  configure(name: string, settings: Settings): void;
  delete(name: string): void;
}

interface Opened extends Pick<NamedQueue, 'queue' | 'waiting'> {
  readonly log: MessageLog;
}

export function openQueues(directory: string, now: () => number): Queues {
  const records = openRecords(directory, now);
  const opened = new Map<string, Opened>();
  for (const name of records.names()) open(name);
  return {
    all: () => records.names().map(get),
    get,
    create(name, asked, settings) {
      const existing = records.find(name);
      if (existing) return requireSame(existing.settings, settings, asked);
      requireRoom(records, name);
      checkRedrive(records, name, settings.redrive);
      records.put({ name, settings, createdMs: now(), modifiedMs: now() });
      open(name);
    },
    configure(name, settings) {
      checkRedrive(records, name, settings.redrive);
      records.put({ ...get(name).record, settings, modifiedMs: now() });
    },
    delete(name) {
      const { waiting } = get(name);
      records.remove(name);
      opened.get(name)?.log.destroy();
      opened.delete(name);
      waiting.wake();
    },
  };

  function get(name: string): NamedQueue {
    const record = records.find(name);
    const queue = opened.get(name);
    if (!record || !queue) throw missing();
    return { record, ...queue };
  }

  function open(name: string): void {
    const log = messageLogAt(join(directory, 'messages', `${name}.jsonl`));
    const settings = () => get(name).record.settings;
    const queue = openQueue({ log, now, settings, deadLetters: () => deadLettersOf(name) });
    opened.set(name, { log, queue, waiting: waitingRoom() });
  }

  /** Without its dead-letter queue a message stays where it is. */
  function deadLettersOf(name: string): DeadLetters | undefined {
    const { redrive } = get(name).record.settings;
    const target = redrive && opened.get(nameIn(redrive.deadLetterTargetArn));
    if (!redrive || !target) return undefined;
    return {
      maxReceiveCount: redrive.maxReceiveCount,
      take(message) {
        target.queue.take(message, arnOf(name));
        target.waiting.wake();
      },
    };
  }
}

export function arnOf(name: string): string {
  return arn('sqs', name);
}

/** The name that a URL such as `http://127.0.0.1:4566/000000000000/orders` ends with. Throws QueueDoesNotExist. */
export function nameFrom(queueUrl: string): string {
  const [account, name, ...rest] = (URL.parse(queueUrl)?.pathname ?? '').split('/').slice(1);
  if (account === ACCOUNT && name && rest.length === 0) return name;
  throw missing();
}

const MOST_QUEUES = 100;

function missing() {
  return sqsError('QueueDoesNotExist', 'The specified queue does not exist.');
}

function nameIn(queueArn: string): string {
  return queueArn.split(':').at(-1) ?? '';
}

function requireRoom(records: QueueRecords, name: string): void {
  if (records.isRecentlyRemoved(name))
    throw sqsError(
      'QueueDeletedRecently',
      'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
    );
  if (records.names().length >= MOST_QUEUES)
    throw sqsError('OverLimit', `The sandbox has at most ${MOST_QUEUES} queues.`);
}

function checkRedrive(records: QueueRecords, ofName: string, redrive: RedrivePolicy | undefined): void {
  if (!redrive) return;
  const targetArn = redrive.deadLetterTargetArn;
  const name = nameIn(targetArn);
  if (name === ofName)
    throw invalidValue('RedrivePolicy', 'a queue cannot be the dead-letter target of itself');
  if (!records.find(name) || arnOf(name) !== targetArn)
    throw invalidValue('RedrivePolicy', `the dead-letter target ${targetArn} does not exist`);
}

function requireSame(existing: Settings, asked: Settings, names: readonly string[]): void {
  const [before, after] = [attributesOf(existing), attributesOf(asked)];
  const different = names.find((name) => before[name] !== after[name]);
  if (different === undefined) return;
  throw sqsError(
    'QueueNameExists',
    `A queue already exists with the same name and a different value for attribute ${different}.`,
  );
}
