import https from 'node:https';
import type { Plan } from '../../drill/plan/plan.ts';
import type { Sample } from '../../drill/witness/sample.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Probe } from '../../ports/witness.ts';
import { shortcoming } from './expectation.ts';
import { parsedJson, valueAt } from './json-path.ts';
import { nodeHttp } from './node-http.ts';
import { type Exchange, exchange, type Head } from './request.ts';

type Smoke = Plan['smoke'];

const USER_AGENT = 'rollback-drill-witness/1';
const BODY_LIMIT_BYTES = 64 * 1024;
const LONGEST_IDENTITY = 200;

/**
 * Probes what users see: one request for each call, over connections that are kept alive. Whatever goes wrong is a sample
 * that is not ok. Of an answer that broke off, status and release are told if its head came.
 */
export function smokeProbe(smoke: Smoke, clock: Pick<Clock, 'now'>): Probe {
  const { method, url, body, timeoutMs } = smoke;
  const request = { method, url, body, headers: { ...smoke.headers, 'user-agent': USER_AGENT } };
  const kept = { keepAlive: true, maxFreeSockets: 1 };
  const pool = { http: new nodeHttp.Agent(kept), https: new https.Agent(kept) };
  const options = { clock, timeoutMs, bodyLimitBytes: BODY_LIMIT_BYTES, pool };
  return async (signal) => sampleOf(await exchange(request, { ...options, signal }), smoke);
}

function sampleOf(seen: Exchange, { expect, release, instance }: Smoke): Sample {
  const { sentAt, at } = seen;
  const task = instance ? toldBy(seen, instance) : null;
  const told = { release: toldBy(seen, release), ...(task === null ? {} : { instance: task }) };
  if (seen.kind === 'no-answer') {
    const { head, failure } = seen;
    const came = head ? `, after the head of the answer with status ${head.status}` : '';
    const status = head?.status ?? null;
    return { sentAt, at, ok: false, status, ...told, failure: `${failure.reason}${came}` };
  }
  const failure = shortcoming(seen, expect) ?? null;
  return { sentAt, at, ok: failure === null, status: seen.status, ...told, failure };
}

/** The identity of a release, or of a task, as far as an answer came. */
export function toldBy(seen: Exchange, source: Smoke['release']): string | null {
  if (seen.kind === 'answer') return identityIn(seen, seen.body, source);
  return seen.head ? identityIn(seen.head, '', source) : null;
}

function identityIn({ headers }: Head, body: string, source: Smoke['release']): string | null {
  const told =
    'header' in source ? headers[source.header.toLowerCase()] : valueAt(parsedJson(body), source.json);
  const isIdentity = typeof told === 'string' || typeof told === 'number';
  return isIdentity ? String(told).trim().slice(0, LONGEST_IDENTITY) || null : null;
}
