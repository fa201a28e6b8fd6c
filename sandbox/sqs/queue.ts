import type { Settings } from './attributes.ts';
import { invalidValue, sqsError } from './errors.ts';
import type { Message, MessageLog } from './message-log.ts';

/** Where messages go that were received too often. */
export interface DeadLetters {
  readonly maxReceiveCount: number;
  take(message: Message): void;
}

export interface Counts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
  /** How long the oldest message that nobody deleted is in the queue; 0 without messages. */
  readonly oldestAgeMs: number;
}

export type NewMessage = Pick<Message, 'id' | 'body' | 'attributes'>;

/** The messages of one standard queue. */
export interface Queue {
  /** Throws OverLimit. */
  send(message: NewMessage, delayMs: number): void;
  /** Takes a message that another queue gives up. */
  take(message: Message, sourceArn: string): void;
  /** At most so many, in the order in which they came; hidden from now on for `hiddenMs`. */
  receive(most: number, hiddenMs: number): readonly Message[];
  /** Nothing happens for a receipt that is not the latest, as on AWS. */
  delete(id: string, receipt: string): void;
  /** Throws MessageNotInflight, InvalidParameterValue. */
  hide(id: string, receipt: string, hiddenMs: number): void;
  purge(): void;
  counts(): Counts;
  /** After how long a hidden message can be received; infinity for never. */
  nextVisibleMs(): number;
}

interface QueueOptions {
  readonly log: MessageLog;
  readonly now: () => number;
  readonly settings: () => Settings;
  readonly deadLetters: () => DeadLetters | undefined;
}

const MOST_MESSAGES = 20_000;
const MOST_CHARACTERS = 64 * 1_048_576;

export function openQueue({ log, now, settings, deadLetters }: QueueOptions): Queue {
  const all = () => [...log.messages.values()];
  return {
    send(message, delayMs) {
      requireRoom();
      const atMs = now();
      log.put({ ...message, sentMs: atMs, arrivedMs: atMs, visibleFromMs: atMs + delayMs, receives: 0 });
    },
    take({ receipt: _receipt, ...message }, sourceArn) {
      log.put({ ...message, arrivedMs: now(), visibleFromMs: now(), sourceArn });
    },
    receive(most, hiddenMs) {
      dropExpired();
      const ready: Message[] = [];
      for (const message of all()) {
        if (ready.length === most) break;
        if (message.visibleFromMs <= now() && !isGivenUp(message)) ready.push(message);
      }
      return ready.map((message) => received(message, hiddenMs));
    },
    delete(id, receipt) {
      if (log.messages.get(id)?.receipt === receipt) log.remove([id]);
    },
    hide(id, receipt, hiddenMs) {
      const message = log.messages.get(id);
      if (message?.receipt !== receipt) throw invalidValue('ReceiptHandle', UNAVAILABLE);
      if (message.visibleFromMs <= now())
        throw sqsError('MessageNotInflight', 'The message referred to is not in flight.');
      log.update(id, { visibleFromMs: now() + hiddenMs });
    },
    purge: log.clear,
    counts() {
      dropExpired();
      return countsOf(all(), now());
    },
    nextVisibleMs: () =>
      all().reduce(
        (next, { visibleFromMs }) => (visibleFromMs > now() ? Math.min(next, visibleFromMs - now()) : next),
        Number.POSITIVE_INFINITY,
      ),
  };

  function requireRoom(): void {
    dropExpired();
    if (log.messages.size < MOST_MESSAGES && log.characters() < MOST_CHARACTERS) return;
    const room = `${MOST_MESSAGES} messages or ${MOST_CHARACTERS} characters`;
    throw sqsError('OverLimit', `The sandbox keeps at most ${room} in a queue; receive and delete some.`);
  }

  function received(message: Message, hiddenMs: number): Message {
    const changes = {
      visibleFromMs: now() + hiddenMs,
      receives: message.receives + 1,
      firstReceivedMs: message.firstReceivedMs ?? now(),
      receipt: crypto.randomUUID(),
    };
    log.update(message.id, changes);
    return { ...message, ...changes };
  }

  /** A kill between the two leaves the message in both queues: it is delivered at least once. */
  function isGivenUp(message: Message): boolean {
    const dead = deadLetters();
    if (!dead || message.receives < dead.maxReceiveCount) return false;
    dead.take(message);
    log.remove([message.id]);
    return true;
  }

  function dropExpired(): void {
    const beforeMs = now() - settings().numbers.MessageRetentionPeriod * 1000;
    log.remove(
      all()
        .filter(({ sentMs }) => sentMs < beforeMs)
        .map(({ id }) => id),
    );
  }
}

const UNAVAILABLE = 'the message does not exist or is not available for a change of its visibility';

function countsOf(messages: readonly Message[], nowMs: number): Counts {
  const hidden = messages.filter(({ visibleFromMs }) => visibleFromMs > nowMs);
  const inFlight = hidden.filter(({ receipt }) => receipt !== undefined).length;
  const oldestMs = messages.reduce((oldest, { arrivedMs }) => Math.min(oldest, arrivedMs), nowMs);
  return {
    visible: messages.length - hidden.length,
    inFlight,
    delayed: hidden.length - inFlight,
    oldestAgeMs: nowMs - oldestMs,
  };
}
