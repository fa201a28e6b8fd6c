import type { Judgement } from '../validation.ts';
import { type Findings, right, together, unproven, verdictOf, wrong } from './verdict.ts';

/** What a queue holds. SQS counts roughly. */
export interface QueueCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
  /** How old the oldest message is; `null` when CloudWatch does not tell. */
  readonly oldestMs: number | null;
}

export interface ComparedQueue {
  readonly name: string;
  readonly deadLetter: boolean;
  readonly tolerance: number;
  /** `null` when the plan does not ask. */
  readonly maximumAgeMs: number | null;
  readonly before: QueueCounts | null;
  /** Or why it could not be read. */
  readonly now: QueueCounts | { readonly why: string };
}

/** No queue may hold more than before the drill, and nothing may have been given up. */
export function backgroundWork(queues: readonly ComparedQueue[]): Judgement {
  return verdictOf(together(queues.map(ofQueue)), queues.map(evidenceOf));
}

function ofQueue(queue: ComparedQueue): Findings {
  const { name, deadLetter, tolerance, before, now } = queue;
  if (!before) return unproven(`queue ${name} was not measured before the drill`);
  if ('why' in now) return unproven(`queue ${name} cannot be read: ${now.why}`);
  const what = deadLetter ? `dead letters in ${name}` : `messages in ${name}`;
  const allowed = total(before) + tolerance;
  const shown = `${allowed} ${tolerance === 0 ? 'before' : `(${total(before)} before + ${tolerance})`}`;
  const isDone = total(now) <= allowed;
  const counted = `${what} ${total(now)} ${isDone ? '≤' : '>'} ${shown}`;
  return together([isDone ? right(counted) : wrong(counted), ofAge(queue, before, now)]);
}

/** An empty queue has no oldest message. */
function ofAge({ name, maximumAgeMs }: ComparedQueue, before: QueueCounts, now: QueueCounts): Findings {
  if (maximumAgeMs === null || total(now) === 0) return NOTHING;
  const what = `the oldest message in ${name}`;
  if (now.oldestMs === null) return unproven(`how old ${what} is was not told by CloudWatch`);
  const allowed = Math.max(maximumAgeMs, before.oldestMs ?? 0);
  const is = now.oldestMs <= allowed;
  const told = `${what} is ${now.oldestMs} ms old ${is ? '≤' : '>'} ${allowed} ms`;
  return is ? right(told) : wrong(told);
}

const NOTHING: Findings = { wrong: [], unproven: [], right: [] };

function evidenceOf({ name, before, now }: ComparedQueue): string {
  const told = 'why' in now ? 'not read' : described(now);
  return `${name}: before ${before ? described(before) : 'not measured'}; now ${told}`;
}

function described({ visible, inFlight, delayed, oldestMs }: QueueCounts): string {
  const age = oldestMs === null ? 'age of the oldest not told' : `the oldest ${oldestMs} ms old`;
  return `${visible} visible, ${inFlight} in flight, ${delayed} delayed, ${age}`;
}

function total({ visible, inFlight, delayed }: QueueCounts): number {
  return visible + inFlight + delayed;
}
