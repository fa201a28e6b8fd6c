import { kindOf, parsedJson, valueAt } from './json-path.ts';
import type { Answer } from './request.ts';

export interface Expectation {
  readonly status: readonly number[];
  readonly bodyContains?: string;
  /** Values at JSON paths. */
  readonly json?: Readonly<Record<string, string | number | boolean | null>>;
  readonly withinMs?: number;
}

/** What is wrong with the answer, with the arithmetic but nothing of its body; `undefined` when it is as expected. */
export function shortcoming(answer: Answer, expected: Expectation): string | undefined {
  return (
    wrongStatus(answer, expected) ??
    tooSlow(answer, expected) ??
    lackingText(answer, expected) ??
    wrongJson(answer, expected)
  );
}

function wrongStatus({ status }: Answer, expected: Expectation): string | undefined {
  if (expected.status.includes(status)) return undefined;
  return `status ${status}, allowed ${expected.status.join(' or ')}`;
}

function tooSlow({ sentAt, at }: Answer, { withinMs }: Expectation): string | undefined {
  if (withinMs === undefined || at - sentAt <= withinMs) return undefined;
  return `answered in ${at - sentAt} ms > ${withinMs} ms`;
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
    const found = valueAt(document, path);
    if (found !== expected) return `${path} is ${differently(found, expected)}`;
  }
  return undefined;
}

function readOf({ body, bodyIsCut }: Answer): string {
  return bodyIsCut ? `, of which the first ${Math.round(Buffer.byteLength(body) / 1024)} KB are read,` : '';
}

function differently(found: unknown, expected: unknown): string {
  if (found === undefined) return 'not in the answer';
  const [kind, expectedKind] = [kindOf(found), kindOf(expected)];
  return kind === expectedKind ? `another ${kind} than expected` : `${kind}, expected ${expectedKind}`;
}
