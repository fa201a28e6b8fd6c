import { iso } from '../../drill/clock.ts';
import type { CountSource } from '../../drill/plan/plan.ts';
import type { BadWindow } from '../../drill/side-effects.ts';
import type { Clock } from '../../ports/clock.ts';
import { kindOf, parsedJson, valueAt } from './json-path.ts';
import { exchange } from './request.ts';

type HttpSource = Extract<CountSource, { http: object }>['http'];

const USER_AGENT = 'rollback-drill-counter/1';
const BODY_LIMIT_BYTES = 64 * 1024;
const TIMEOUT_MS = 15_000;

/** One GET that answers how often something happened. Throws when it does not. */
export async function countByHttp(
  { url, headers, json }: HttpSource,
  { since, until }: BadWindow,
  clock: Pick<Clock, 'now'>,
  signal: AbortSignal,
): Promise<number> {
  const times: Readonly<Record<string, string>> = { since: iso(since), until: iso(until) };
  const filled = url.replaceAll(/\{\{(since|until)\}\}/g, (_, name: string) =>
    encodeURIComponent(times[name] ?? ''),
  );
  const request = { method: 'GET', url: filled, headers: { ...headers, 'user-agent': USER_AGENT } };
  const limits = { clock, timeoutMs: TIMEOUT_MS, bodyLimitBytes: BODY_LIMIT_BYTES, signal };
  const answer = await exchange(request, limits);
  if (answer.kind === 'no-answer') throw new Error(answer.failure.reason);
  if (answer.status !== 200) throw new Error(`status ${answer.status}, expected 200`);
  const found = valueAt(parsedJson(answer.body), json);
  if (typeof found === 'number' && Number.isSafeInteger(found) && found >= 0) return found;
  throw new Error(
    `the answer has ${found === undefined ? 'nothing' : kindOf(found)} at ${json}, expected a whole number`,
  );
}
