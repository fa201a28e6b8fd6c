import { GetQueueAttributesCommand, GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { beforeOf } from '../../drill/journal.ts';
import type { ValidationOf } from '../../drill/plan/plan.ts';
import {
  backgroundWork,
  type ComparedQueue,
  type QueueCounts,
} from '../../drill/validations/background-work.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Metrics, Validator } from '../../ports/validations.ts';

type Queue = ValidationOf<'background-work'>['queues'][number];

interface Ports {
  readonly clock: Clock;
  readonly sqs: SQSClient;
  readonly metrics: Metrics;
}

const LOOK_EVERY_MS = 1_000;
/** SQS counts roughly: what holds once may not hold at the next look. */
const LOOKS_RUNNING = 3;
/** Newer values of a metric may still be missing, older ones say nothing of now. */
const AGE_WITHIN_MS = 5 * 60_000;
const PERIOD_MS = 60_000;

const Counts = v.object({
  visible: v.number(),
  inFlight: v.number(),
  delayed: v.number(),
  oldestMs: v.nullable(v.number()),
});
const Measured = v.record(v.string(), Counts);

/** Waits until every queue holds no more than before the drill, in a few looks running. */
export function backgroundWorkOf(ports: Ports): Validator<'background-work'> {
  return {
    async before({ queues }, _drill, signal) {
      const counted = queues.map(async (queue) => [keyOf(queue), await countsOf(ports, queue, signal)]);
      return Object.fromEntries(await Promise.all(counted)) as Readonly<Record<string, QueueCounts>>;
    },
    async judge({ name, queues, timeoutMs }, { journal }, signal) {
      const deadline = ports.clock.now() + timeoutMs;
      const kept = v.safeParse(Measured, beforeOf(journal, name));
      const before = kept.success ? kept.output : {};
      for (let running = 0; ; ) {
        const compared = queues.map((queue) => compare(ports, queue, before[keyOf(queue)] ?? null, signal));
        const judgement = backgroundWork(await Promise.all(compared));
        running = judgement.verdict === 'passed' ? running + 1 : 0;
        const isOver = ports.clock.now() + LOOK_EVERY_MS >= deadline || signal.aborted;
        if (running === LOOKS_RUNNING || isOver) return judgement;
        await ports.clock.sleep(LOOK_EVERY_MS, signal);
      }
    },
  };
}

async function compare(
  ports: Ports,
  queue: Queue,
  before: QueueCounts | null,
  signal: AbortSignal,
): Promise<ComparedQueue> {
  const now = await countsOf(ports, queue, signal).catch((error: Error) => ({ why: error.name }));
  const { deadLetter, tolerance, maximumAgeMs = null } = queue;
  return { name: nameOf(queue), deadLetter, tolerance, maximumAgeMs, before, now };
}

async function countsOf(ports: Ports, queue: Queue, signal: AbortSignal): Promise<QueueCounts> {
  const [counts, oldestMs] = await Promise.all([
    numbersOf(ports, queue, signal),
    // That it is not told is told; only a plan that asks for it needs it.
    oldestMsOf(ports, queue, signal).catch(() => null),
  ]);
  return { ...counts, oldestMs };
}

const NAMES = {
  visible: 'ApproximateNumberOfMessages',
  inFlight: 'ApproximateNumberOfMessagesNotVisible',
  delayed: 'ApproximateNumberOfMessagesDelayed',
} as const;

async function numbersOf({ sqs }: Ports, queue: Queue, abortSignal: AbortSignal) {
  const QueueUrl = queue.url ?? (await urlOf(sqs, nameOf(queue), abortSignal));
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: Object.values(NAMES) });
  const { Attributes = {} } = await sqs.send(command, { abortSignal });
  const number = (name: (typeof NAMES)[keyof typeof NAMES]): number => {
    const count = Number(Attributes[name]);
    if (Number.isInteger(count)) return count;
    throw new Error(`SQS does not tell ${name} of queue ${nameOf(queue)}; received ${Attributes[name]}`);
  };
  return {
    visible: number(NAMES.visible),
    inFlight: number(NAMES.inFlight),
    delayed: number(NAMES.delayed),
  };
}

async function urlOf(sqs: SQSClient, QueueName: string, abortSignal: AbortSignal): Promise<string> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }), { abortSignal });
  if (!QueueUrl) throw new Error(`SQS does not tell the URL of queue ${QueueName}`);
  return QueueUrl;
}

/** The newest that CloudWatch has; `null` when it has none. */
async function oldestMsOf(
  { clock, metrics }: Ports,
  queue: Queue,
  signal: AbortSignal,
): Promise<number | null> {
  const age = {
    namespace: 'AWS/SQS',
    metric: 'ApproximateAgeOfOldestMessage',
    dimensions: { QueueName: nameOf(queue) },
    stat: 'Maximum',
    periodMs: PERIOD_MS,
  };
  const untilMs = clock.now();
  const newest = (await metrics(age, { fromMs: untilMs - AGE_WITHIN_MS, untilMs }, signal)).at(-1);
  return newest ? newest.value * 1_000 : null;
}

/** Queues of two accounts may have the same name. */
function keyOf({ name, url }: Queue): string {
  return url ?? name ?? '';
}

function nameOf({ name, url }: Queue): string {
  return name ?? url?.split('/').at(-1) ?? '';
}
