import type { Clock } from '../../ports/clock.ts';
import type { Purge, Purged } from '../../ports/validations.ts';
import { exchange } from './request.ts';
import { filled } from './template.ts';

const USER_AGENT = 'rollback-drill-validator/1';
const BODY_LIMIT_BYTES = 64 * 1024;
const TIMEOUT_MS = 10_000;

/**
 * Tells a cache by HTTP, URL after URL, over connections of their own. Such a purge may be asked for any number of times; it
 * needs no reference.
 */
export function httpPurge(clock: Pick<Clock, 'now'>): Purge<'http'> {
  return async ({ method, urls, headers, body, status }, { secrets, signal }) => {
    for (const url of urls) {
      const filling = filled({ method, url, headers, ...(body === undefined ? {} : { body }) }, secrets);
      if (filling.kind === 'unfillable') return { kind: 'refused', reason: filling.reason };
      const request = {
        ...filling.request,
        headers: { ...filling.request.headers, 'user-agent': USER_AGENT },
      };
      const limits = { clock, timeoutMs: TIMEOUT_MS, bodyLimitBytes: BODY_LIMIT_BYTES, signal };
      const seen = await exchange(request, limits);
      const what = `${method} ${new URL(url).pathname}`;
      if (seen.kind === 'no-answer') return { kind: 'unanswered', reason: `${what}: ${seen.failure.reason}` };
      if (!status.includes(seen.status)) return notAccepted(what, seen.status, status);
    }
    return { kind: 'accepted', told: `${method} accepted for ${urls.length} of ${urls.length} URLs` };
  };
}

/** A cache that is overloaded or broken may do it when it is asked again. */
function notAccepted(what: string, status: number, allowed: readonly number[]): Purged {
  const kind = status === 429 || status >= 500 ? 'unanswered' : 'refused';
  return { kind, reason: `${what}: status ${status}, allowed ${allowed.join(' or ')}` };
}
