import { PLACEHOLDER, placeholdersIn } from '../../drill/plan/placeholder.ts';
import type { Step } from '../../drill/plan/plan.ts';
import type { HttpRequest } from './request.ts';

export type Captured = ReadonlyMap<string, string>;

export type Filled =
  | { readonly kind: 'request'; readonly request: HttpRequest }
  | { readonly kind: 'unfillable'; readonly reason: string };

export interface Sent extends Pick<Step, 'url' | 'headers' | 'body'> {
  readonly method: string;
}

/**
 * Puts captured values where a step says `{{name}}`. A value is one piece of data wherever it stands: percent-encoded in
 * URLs and forms, escaped in JSON. Only right after the host may it be a whole path or a URL of the same origin, as a
 * `location` header has it, so that no answer can choose to whom the next request goes.
 */
export function filled({ method, url, headers, body }: Sent, captured: Captured): Filled {
  const target = filledUrl(url, captured);
  if (target === undefined || !URL.canParse(target)) {
    return {
      kind: 'unfillable',
      reason: 'the value captured for the URL does not lead to a path on its host',
    };
  }
  const values = Object.entries(headers).map(([name, value]) => [name, replaced(value, captured, asIs)]);
  const content = body === undefined ? {} : { body: replaced(body, captured, escapeFor(headers)) };
  return {
    kind: 'request',
    request: { method, url: target, headers: Object.fromEntries(values), ...content },
  };
}

/** The first name that the request refers to and nothing has captured. */
export function uncaptured(request: Sent, captured: Captured): string | undefined {
  return namesIn(request).find((name) => !captured.has(name));
}

/** The names that the request refers to. */
export function namesIn({ url, headers, body = '' }: Sent): readonly string[] {
  return [url, ...Object.values(headers), body].flatMap(placeholdersIn);
}

type Escape = (value: string) => string;

function filledUrl(url: string, captured: Captured): string | undefined {
  const [origin = ''] = /^https?:\/\/[^/?#{]*/i.exec(url) ?? [];
  const rest = url.slice(origin.length);
  const [leading, name] = /^\{\{([^{}]*)\}\}/.exec(rest) ?? [];
  if (leading === undefined || name === undefined) return replaced(url, captured, encodeURIComponent);
  const start = pathOn(origin, capturedAs(name, captured));
  return start && start + replaced(rest.slice(leading.length), captured, encodeURIComponent);
}

function pathOn(origin: string, value: string): string | undefined {
  if (!/^(\/|https?:\/\/)/i.test(value) || !URL.canParse(value, origin)) return undefined;
  const target = new URL(value, origin);
  target.hash = '';
  return target.origin === new URL(origin).origin ? target.href : undefined;
}

function escapeFor({ 'content-type': type = '' }: Step['headers']): Escape {
  if (/\bjson\b/i.test(type)) return (value) => JSON.stringify(value).slice(1, -1);
  return /^application\/x-www-form-urlencoded\b/i.test(type) ? encodeURIComponent : asIs;
}

function asIs(value: string): string {
  return value;
}

function replaced(text: string, captured: Captured, escaped: Escape): string {
  return text.replace(PLACEHOLDER, (_, name: string) => escaped(capturedAs(name, captured)));
}

/** A plan whose placeholders are not captured by an earlier step is refused before any drill. */
function capturedAs(name: string, captured: Captured): string {
  const value = captured.get(name);
  if (value === undefined) throw new Error(`no earlier step captured {{${name}}}`);
  return value;
}
