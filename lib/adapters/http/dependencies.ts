import type { Clock } from '../../ports/clock.ts';
import type { Dependencies } from '../../ports/guardrails.ts';
import { shortcoming } from './expectation.ts';
import { exchange } from './request.ts';

const USER_AGENT = 'rollback-drill-guardrail/1';
const BODY_LIMIT_BYTES = 64 * 1024;

/** One GET for each dependent service, over a connection of its own. */
export function httpDependencies(clock: Pick<Clock, 'now'>): Dependencies {
  return async ({ name, url, headers, expect, timeoutMs }) => {
    const request = { method: 'GET', url, headers: { ...headers, 'user-agent': USER_AGENT } };
    const signal = new AbortController().signal;
    const answer = await exchange(request, { clock, timeoutMs, bodyLimitBytes: BODY_LIMIT_BYTES, signal });
    if (answer.kind === 'no-answer') return { name, failure: answer.failure.reason };
    return { name, failure: shortcoming(answer, expect) ?? null };
  };
}
