import { join } from 'node:path';
import { ACCOUNT, arn } from '../aws/account.ts';
import { documentAt } from '../state.ts';
import { attributesOf, type RedrivePolicy, type Settings } from './attributes.ts';
import { invalidValue, sqsError } from './errors.ts';
import { type MessageLog, messageLogAt } from './message-log.ts';
import { type DeadLetters, openQueue, type Queue } from './queue.ts';
import { type Waiting, waitingRoom } from './waiting.ts';

/** What is stored of a queue beside its messages. */
export interface QueueRecord {
  readonly name: string;
  readonly settings: Settings;
  readonly createdMs: number;
  readonly modifiedMs: number;
}

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
  /** The same again for a queue that is there. Throws QueueNameExists, QueueDeletedRecently, OverLimit. */
  create(name: string, asked: readonly string[], settings: Settings): void;
  configure(name: string, settings: Settings): void;
  delete(name: string): void;
}

interface Stored {
  readonly queues: Readonly<Record<string, QueueRecord>>;
  readonly deletedMs: Readonly<Record<string, number>>;
}

interface Opened extends Pick<NamedQueue, 'queue' | 'waiting'> {
  readonly log: MessageLog;
}

const MOST_QUEUES = 100;
const DELETION_MS = 60_000;

export function openQueues(directory: string, now: () => number): Queues {
  const document = documentAt<Stored>(join(directory, 'queues.json'), { queues: {}, deletedMs: {} });
  let stored = document.read();
  const store = (changed: Partial<Stored>): void => {
    stored = { ...stored, ...changed };
    document.write(stored);
  };
  const opened = new Map<string, Opened>();
  for (const name of Object.keys(stored.queues)) open(name);

  return {
    all: () =>
      Object.keys(stored.queues)
        .sort()
        .map((name) => get(name)),
    get,
    create(name, asked, settings) {
      const existing = stored.queues[name];
      if (existing) return requireSame(existing.settings, settings, asked);
      requireRoom(name);
      checkRedrive(settings.redrive, name);
      write({ name, settings, createdMs: now(), modifiedMs: now() });
      open(name);
    },
    configure(name, settings) {
      checkRedrive(settings.redrive, name);
      write({ ...get(name).record, settings, modifiedMs: now() });
    },
    delete(name) {
      const { waiting } = get(name);
      const { [name]: _deleted, ...queues } = stored.queues;
      store({ queues, deletedMs: { ...recentlyDeleted(), [name]: now() } });
      opened.get(name)?.log.destroy();
      opened.delete(name);
      waiting.wake();
    },
  };

  function get(name: string): NamedQueue {
    const record = Object.hasOwn(stored.queues, name) ? stored.queues[name] : undefined;
    const open = opened.get(name);
    if (!record || !open) throw sqsError('QueueDoesNotExist', 'The specified queue does not exist.');
    return { record, queue: open.queue, waiting: open.waiting };
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

  function checkRedrive(redrive: RedrivePolicy | undefined, ofName: string): void {
    if (!redrive) return;
    const { deadLetterTargetArn: targetArn } = redrive;
    const name = nameIn(targetArn);
    if (name === ofName)
      throw invalidValue('RedrivePolicy', 'a queue cannot be the dead-letter target of itself');
    if (!Object.hasOwn(stored.queues, name) || arnOf(name) !== targetArn)
      throw invalidValue('RedrivePolicy', `the dead-letter target ${targetArn} does not exist`);
  }

  function requireRoom(name: string): void {
    if (recentlyDeleted()[name] !== undefined)
      throw sqsError(
        'QueueDeletedRecently',
        'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
      );
    if (Object.keys(stored.queues).length >= MOST_QUEUES)
      throw sqsError('OverLimit', `The sandbox has at most ${MOST_QUEUES} queues.`);
  }

  function recentlyDeleted(): Stored['deletedMs'] {
    const recent = Object.entries(stored.deletedMs).filter(([, atMs]) => now() - atMs < DELETION_MS);
    return Object.fromEntries(recent);
  }

  function write(record: QueueRecord): void {
    store({ queues: { ...stored.queues, [record.name]: record } });
  }
}

export function arnOf(name: string): string {
  return arn('sqs', name);
}

/** The name that a URL such as `http://127.0.0.1:4566/000000000000/orders` ends with. Throws QueueDoesNotExist. */
export function nameFrom(queueUrl: string): string {
  const [account, name, ...rest] = (URL.parse(queueUrl)?.pathname ?? '').split('/').slice(1);
  if (account === ACCOUNT && name && rest.length === 0) return name;
  throw sqsError('QueueDoesNotExist', 'The specified queue does not exist.');
}

function nameIn(queueArn: string): string {
  return queueArn.split(':').at(-1) ?? '';
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
