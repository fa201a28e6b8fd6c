import type { Datum } from '../cloudwatch/metrics.ts';
import type { NamedQueue, Queues } from './queues.ts';

/** Tells once a minute how every queue is, in the words of SQS. Returns what ends it. */
export function measureQueues(
  queues: Queues,
  record: (data: readonly Datum[]) => void,
  now: () => number,
  minuteMs: number,
): () => void {
  const timer = setInterval(() => record(queues.all().flatMap((queue) => dataOf(queue, now()))), minuteMs);
  timer.unref();
  return () => clearInterval(timer);
}

function dataOf({ record, queue }: NamedQueue, atMs: number): readonly Datum[] {
  const { visible, inFlight, delayed, oldestAgeMs } = queue.counts();
  const measured = [
    { name: 'ApproximateAgeOfOldestMessage', unit: 'Seconds', values: [Math.floor(oldestAgeMs / 1000)] },
    { name: 'ApproximateNumberOfMessagesVisible', unit: 'Count', values: [visible] },
    { name: 'ApproximateNumberOfMessagesNotVisible', unit: 'Count', values: [inFlight] },
    { name: 'ApproximateNumberOfMessagesDelayed', unit: 'Count', values: [delayed] },
  ];
  const common = { namespace: 'AWS/SQS', dimensions: { QueueName: record.name }, atMs };
  return measured.map((each) => ({ ...common, ...each }));
}
