import { setTimeout as sleep } from 'node:timers/promises';
import type { Orders } from './orders.ts';
import type { Queue } from './queue.ts';

export interface Worker {
  /** Takes no more messages. What it has not finished is somebody else's once it can be seen again. */
  stop(): void;
}

interface WorkerOptions {
  readonly queue: Queue;
  readonly orders: Orders;
  readonly release: string;
  readonly complain: (error: unknown) => void;
}

const PAUSE_AFTER_FAILURE_MS = 1_000;

export function orderPlaced(orderId: string): string {
  return JSON.stringify({ kind: 'order-placed', orderId });
}

/**
 * Fulfils the orders that the queue tells of. A message that cannot be handled stays in the queue: it is received again,
 * until the queue has enough of it.
 */
export function startWorker({ queue, orders, release, complain }: WorkerOptions): Worker {
  const stopped = new AbortController();
  work();
  return { stop: () => stopped.abort() };

  async function work(): Promise<void> {
    while (!stopped.signal.aborted) await turn().catch(pause);
  }

  async function turn(): Promise<void> {
    const messages = await queue.receive(stopped.signal);
    await Promise.all(messages.map(({ body, receipt }) => handle(body, receipt).catch(complain)));
  }

  async function pause(error: unknown): Promise<void> {
    if (stopped.signal.aborted) return;
    complain(error);
    await sleep(PAUSE_AFTER_FAILURE_MS, undefined, { signal: stopped.signal }).catch(() => {});
  }

  async function handle(body: string, receipt: string): Promise<void> {
    const { kind, orderId }: { kind?: unknown; orderId?: unknown } = JSON.parse(body);
    if (kind !== 'order-placed' || typeof orderId !== 'string')
      throw new Error(
        `The worker knows only messages of orders that were placed. Received: ${body.slice(0, 200)}.`,
      );
    await orders.fulfil(orderId, release);
    await queue.delete(receipt);
  }
}
