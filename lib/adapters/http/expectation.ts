import { type Expected, shortOf } from './comparison.ts';
import { parsedJson, valueAt } from './json-path.ts';
import type { Answer } from './request.ts';

export interface Expectation {
  readonly status: readonly number[];
  readonly headers?: Readonly<Record<string, Expected>>;
  readonly bodyContains?: string;
  /** Values at JSON paths. */
  readonly json?: Readonly<Record<string, Expected>>;
  readonly withinMs?: number;
}

/** What is wrong with the answer, with the arithmetic but nothing of its body; `undefined` when it is as expected. */
export function shortcoming(answer: Answer, expected: Expectation): string | undefined {
  return (
    wrongStatus(answer, expected) ??
    tooSlow(answer, expected) ??
    wrongHeader(answer, expected) ??
    lackingText(answer, expected) ??
    wrongJson(answer, expected)
  );
}

function wrongStatus({ status, headers }: Answer, expected: Expectation): string | undefined {
  if (expected.status.includes(status)) return undefined;
  return `status ${status}${redirectIn(status, headers.location)}, allowed ${expected.status.join(' or ')}`;
}

function redirectIn(status: number, location: string | undefined): string {
  if (status < 300 || status > 399 || location === undefined) return '';
  const host = URL.canParse(location) ? new URL(location).host : '';
  return host === '' ? ' (a redirect, not followed)' : ` (a redirect to ${host.slice(0, 100)}, not followed)`;
}

function tooSlow({ sentAt, at }: Answer, { withinMs }: Expectation): string | undefined {
  if (withinMs === undefined || at - sentAt <= withinMs) return undefined;
  return `answered in ${at - sentAt} ms > ${withinMs} ms`;
}

function wrongHeader({ headers: found }: Answer, { headers }: Expectation): string | undefined {
  for (const [name, expected] of Object.entries(headers ?? {})) {
    const value = found[name.toLowerCase()];
    const problem = shortOf(Array.isArray(value) ? value.join(', ') : value, expected);
    if (problem) return `header ${name} ${problem}`;
  }
  return undefined;
}

function lackingText(answer: Answer, { bodyContains }: Expectation): string | undefined {
  if (bodyContains === undefined || answer.body.includes(bodyContains)) return undefined;
  return `the body${readOf(answer)} does not contain the expected text`;
}

function wrongJson(answer: Answer, { json }: Expectation): string | undefined {
  if (json === undefined) return undefined;
  const document = parsedJson(answer.body);
  if (document === undefined) return `the body${readOf(answer)} is not JSON`;
  for (const [path, expected] of Object.entries(json)) {
    const problem = shortOf(valueAt(document, path), expected);
    if (problem) return `${path} ${problem}`;
  }
  return undefined;
}

function readOf({ body, bodyIsCut }: Answer): string {
  return bodyIsCut ? `, of which the first ${Math.round(Buffer.byteLength(body) / 1024)} KB are read,` : '';
}
