import type { Step } from '../../drill/plan/plan.ts';
import type { Judgement } from '../../drill/validation.ts';
import type { Clock, Validator } from '../../ports.ts';
import { captureFrom, setCookiesOf } from './capture.ts';
import { type CookieJar, cookieJar } from './cookie-jar.ts';
import { shortcoming } from './expectation.ts';
import type { Failure } from './failure.ts';
import { type Exchange, exchange, type HttpRequest } from './request.ts';
import { filled } from './template.ts';

const USER_AGENT = 'rollback-drill-validator/1';
const BODY_LIMIT_BYTES = 1024 * 1024;

/**
 * Goes the way of one user, step by step, with cookies and captured values, until the first step that fails. Every step has
 * a connection of its own and is sent once. A system that gives no answer in time has failed; `unknown` is what was not
 * asked, or not asked to the end, for a reason on our side.
 */
export function syntheticTransaction(clock: Pick<Clock, 'now'>): Validator<'synthetic-transaction'>['judge'] {
  return async ({ steps, timeoutMs }, _drill, signal) => {
    const startedAt = clock.now();
    const evidence: string[] = [];
    const user = {
      clock,
      signal,
      startedAt,
      timeoutMs,
      evidence,
      jar: cookieJar(clock),
      captured: new Map(),
    };
    for (const step of steps) {
      const trouble = await take(step, user);
      if (trouble) {
        return { verdict: trouble.verdict, reason: `step ${step.name}: ${trouble.reason}`, evidence };
      }
    }
    const reason = `${evidence.length} of ${steps.length} steps passed in ${clock.now() - startedAt} ms`;
    return { verdict: 'passed', reason, evidence };
  };
}

interface User {
  readonly clock: Pick<Clock, 'now'>;
  readonly signal: AbortSignal;
  readonly startedAt: number;
  readonly timeoutMs: number;
  readonly jar: CookieJar;
  readonly captured: Map<string, string>;
  readonly evidence: string[];
}

type Trouble = Pick<Judgement, 'verdict' | 'reason'>;

async function take(step: Step, user: User): Promise<Trouble | undefined> {
  const { clock, signal, jar, captured, evidence } = user;
  if (signal.aborted && evidence.length === 0) return unknown('not sent, the validation was stopped before');
  const timeoutMs = user.timeoutMs - (clock.now() - user.startedAt);
  if (timeoutMs <= 0) return failed(`not sent, the steps before it took all of the ${user.timeoutMs} ms`);
  const filling = filled(step, captured);
  if (filling.kind === 'unfillable') return failed(filling.reason);
  const request = asUser(filling.request, jar);
  const seen = await exchange(request, { clock, timeoutMs, signal, bodyLimitBytes: BODY_LIMIT_BYTES });
  evidence.push(`${step.name}: ${toldBy(seen)} in ${seen.at - seen.sentAt} ms`);
  if (seen.kind === 'no-answer') return troubleOf(seen.failure, user);
  jar.keep(new URL(request.url), setCookiesOf(seen));
  const problem = shortcoming(seen, step.expect);
  if (problem) return failed(problem);
  const capture = captureFrom(seen, step.capture);
  if (capture.kind === 'missing') return failed(capture.reason);
  for (const [name, value] of capture.values) captured.set(name, value);
  return undefined;
}

/** A step that writes its own `cookie` header sends that and nothing of the jar. */
function asUser(request: HttpRequest, jar: CookieJar): HttpRequest {
  const cookie = jar.headerFor(new URL(request.url));
  const cookies = cookie === undefined ? {} : { cookie };
  return { ...request, headers: { ...cookies, ...request.headers, 'user-agent': USER_AGENT } };
}

function toldBy(seen: Exchange): string {
  if (seen.kind === 'answer') return String(seen.status);
  return seen.head ? `${seen.head.status}, broken off,` : 'no answer';
}

function troubleOf({ kind, reason, isOurs }: Failure, { timeoutMs }: User): Trouble {
  if (kind === 'timed-out') return failed(`${reason}; all steps together may take ${timeoutMs} ms`);
  return isOurs ? unknown(reason) : failed(reason);
}

function failed(reason: string): Trouble {
  return { verdict: 'failed', reason };
}

function unknown(reason: string): Trouble {
  return { verdict: 'unknown', reason };
}
