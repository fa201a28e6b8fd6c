import type { Step } from '../../drill/plan/plan.ts';
import { failed, type Trouble, unknown } from '../../drill/validations/trouble.ts';
import type { Clock } from '../../ports/clock.ts';
import { captureFrom, setCookiesOf } from './capture.ts';
import { cookieJar } from './cookie-jar.ts';
import { shortcoming } from './expectation.ts';
import type { Failure } from './failure.ts';
import { type Exchange, exchange, type HttpRequest } from './request.ts';
import { filled } from './template.ts';

export type Asked = Omit<Step, 'name' | 'capture'> & { readonly capture?: Step['capture'] };

export interface Asking {
  readonly timeoutMs: number;
  /** The time limit, as the reason tells it: `all steps together may take 700 ms`. */
  readonly limit: string;
  readonly signal: AbortSignal;
}

export interface Visited {
  /** `201 in 30 ms`; `null` when nothing was sent. */
  readonly told: string | null;
  readonly trouble: Trouble | null;
  /** `null` when no complete answer came. */
  readonly status: number | null;
}

/** One user of the system, with cookies and with what answers gave. */
export interface Visitor {
  /** By name; secrets by `secret:NAME`. */
  readonly values: ReadonlyMap<string, string>;
  /** Sends one request over a connection of its own, once, and judges and captures its answer. Never throws. */
  ask(asked: Asked, asking: Asking): Promise<Visited>;
}

const USER_AGENT = 'rollback-drill-validator/1';
const BODY_LIMIT_BYTES = 1024 * 1024;

/**
 * A system that gives no answer in time has failed; `unknown` is what was not asked, or not asked to the end, for a reason on
 * our side.
 */
export function visitor(clock: Pick<Clock, 'now'>, known: ReadonlyMap<string, string>): Visitor {
  const jar = cookieJar(clock);
  const values = new Map(known);
  return {
    values,
    async ask(asked, { timeoutMs, limit, signal }) {
      const filling = filled(asked, values);
      if (filling.kind === 'unfillable') return notSent(failed(filling.reason));
      const request = withCookies(filling.request, jar.headerFor(new URL(filling.request.url)));
      const seen = await exchange(request, { clock, timeoutMs, signal, bodyLimitBytes: BODY_LIMIT_BYTES });
      const told = `${toldBy(seen)} in ${seen.at - seen.sentAt} ms`;
      if (seen.kind === 'no-answer') return { told, status: null, trouble: troubleOf(seen.failure, limit) };
      jar.keep(new URL(request.url), setCookiesOf(seen));
      const problem = shortcoming(seen, asked.expect);
      if (problem) return { told, status: seen.status, trouble: failed(problem) };
      const capture = captureFrom(seen, asked.capture ?? {});
      if (capture.kind === 'missing') return { told, status: seen.status, trouble: failed(capture.reason) };
      for (const [name, value] of capture.values) values.set(name, value);
      return { told, status: seen.status, trouble: null };
    },
  };
}

export function notSent(trouble: Trouble): Visited {
  return { told: null, status: null, trouble };
}

/** A request that writes its own `cookie` header sends that and nothing of the jar. */
function withCookies(request: HttpRequest, cookie: string | undefined): HttpRequest {
  const cookies = cookie === undefined ? {} : { cookie };
  return { ...request, headers: { ...cookies, ...request.headers, 'user-agent': USER_AGENT } };
}

function toldBy(seen: Exchange): string {
  if (seen.kind === 'answer') return String(seen.status);
  return seen.head ? `${seen.head.status}, broken off,` : 'no answer';
}

function troubleOf({ kind, reason, isOurs }: Failure, limit: string): Trouble {
  if (kind === 'timed-out') return failed(`${reason}; ${limit}`);
  return isOurs ? unknown(reason) : failed(reason);
}
