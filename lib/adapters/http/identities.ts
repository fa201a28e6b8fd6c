import type { Plan } from '../../drill/plan/plan.ts';
import type { Asked } from '../../drill/validations/version-uniformity.ts';
import type { Clock } from '../../ports/clock.ts';
import { exchange } from './request.ts';
import { toldBy } from './smoke-probe.ts';

const USER_AGENT = 'rollback-drill-validator/1';
const BODY_LIMIT_BYTES = 64 * 1024;
/** Few enough to be no load, enough to reach every task in a short time. */
const AT_ONCE = 4;

export interface Question {
  readonly smoke: Plan['smoke'];
  readonly samples: number;
  /** Where an answer tells which task gave it. */
  readonly instance: Plan['smoke']['release'] | undefined;
  readonly signal: AbortSignal;
}

/**
 * Sends the smoke request so many times, each over a connection of its own, so that the load balancer chooses a task each
 * time. Never throws: what goes wrong is told.
 */
export async function askForIdentity(clock: Pick<Clock, 'now'>, question: Question): Promise<Asked[]> {
  const asked: Asked[] = [];
  while (asked.length < question.samples) {
    const count = Math.min(AT_ONCE, question.samples - asked.length);
    asked.push(...(await Promise.all(Array.from({ length: count }, () => ask(clock, question)))));
  }
  return asked;
}

async function ask(clock: Pick<Clock, 'now'>, { smoke, instance, signal }: Question): Promise<Asked> {
  const { method, url, body, headers, timeoutMs, release } = smoke;
  const request = { method, url, body, headers: { ...headers, 'user-agent': USER_AGENT } };
  const seen = await exchange(request, { clock, timeoutMs, bodyLimitBytes: BODY_LIMIT_BYTES, signal });
  const told = { release: toldBy(seen, release), instance: instance ? toldBy(seen, instance) : null };
  return { ...told, failure: seen.kind === 'no-answer' ? seen.failure : null };
}
