import * as v from 'valibot';
import { mapOf, must, oneOf, text, whole } from './fields.ts';
import { wrong, wrongSecret } from './message.ts';
import { PLACEHOLDER } from './placeholder.ts';

export const SMOKE_METHODS = ['GET', 'POST', 'PUT', 'HEAD'] as const;
export const STEP_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'] as const;

const LONGEST_BODY = 64 * 1024;
/** The client that sends the request sets these; the witness and the validator tell their names in `user-agent`. */
const RESERVED_HEADERS = ['connection', 'content-length', 'transfer-encoding', 'user-agent'];

/** What every request of a plan has. */
export function request<const Methods extends readonly string[]>(methods: Methods) {
  return {
    method: v.optional(
      v.pipe(oneOf(methods), v.description('the HTTP method')),
      methods[0] as Methods[number],
    ),
    url: v.pipe(url(), v.description('the absolute URL, like https://shop.example/checkout/check')),
    headers: v.optional(v.pipe(headers(), v.description('headers to send')), {}),
    body: v.exactOptional(
      v.pipe(body(), v.description('the body: text, or a mapping or list that is sent as JSON')),
    ),
  };
}

/** Paths into a JSON answer: `$.items[0].sku`. */
export function jsonPath() {
  return text(
    /^(?=.{1,200}$)\$(?:\.[A-Za-z_][A-Za-z0-9_-]*|\[\d{1,6}\])*$/,
    'a path into the JSON answer, like $.items[0].sku',
  );
}

export function headerName() {
  return text(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, 'the name of a header, like x-release');
}

/** One status or a list of them. */
export function statuses() {
  const message = must('a status from 100 to 599, or a list of 1 to 20 of them');
  const list = v.pipe(v.array(whole(100, 599), message), v.minLength(1, message), v.maxLength(20, message));
  return v.pipe(
    v.union([whole(100, 599), list], message),
    v.transform((status) => (Array.isArray(status) ? status : [status])),
  );
}

/** Part of an answer. */
export function excerpt() {
  return text(/^[\s\S]{1,1000}$/, 'text of 1 to 1000 characters');
}

function url() {
  return v.pipe(
    v.string(must('an absolute http or https URL')),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      const problem = problemOfUrl(dataset.value);
      if (problem) addIssue({ message: wrong(problem, withoutCredentials(dataset.value)) });
    }),
    v.metadata({ maxLength: 2048 }),
  );
}

function problemOfUrl(written: string): string | undefined {
  const address = sampleOf(written);
  const parsed = URL.canParse(address) && !/[\s\\]/.test(address) ? new URL(address) : undefined;
  if (!parsed || !/^https?:\/\//i.test(written)) return 'an absolute http or https URL';
  if (!HOST.test(written)) return 'a URL whose host is written out, without {{…}}';
  if (parsed.username || parsed.password)
    return 'a URL without user name and password (send them in a header)';
  if (parsed.hash) return 'a URL without #: that part is never sent';
  return written.length > 2048 ? 'a URL of at most 2048 characters' : undefined;
}

/** No answer may choose to whom the next request goes; right after the host it may choose a path. */
const HOST = /^https?:\/\/[^/?#{}]+(?:\{\{[^{}]*\}\})?(?:[/?#]|$)/i;

/** The URL with something in place of what is captured later. */
function sampleOf(written: string): string {
  return written.replace(/^([^/]*\/\/[^/?#{}]+)\{\{[^{}]*\}\}/, '$1/x').replaceAll(PLACEHOLDER, 'x');
}

function withoutCredentials(written: string): string {
  return written.replace(/\/\/[^/]*@/, '//…@');
}

function headers() {
  const message = must('text of at most 4096 visible ASCII characters', 'Write numbers in quotes.');
  const value = v.pipe(
    v.string(message),
    v.regex(/^[\t\x20-\x7e]{0,4096}$/, ({ input }) =>
      wrongSecret('text of at most 4096 visible ASCII characters', input),
    ),
  );
  const settable = v.check<string, string>(
    (name) => !RESERVED_HEADERS.includes(name.toLowerCase()),
    'is set by the drill itself. Remove it.',
  );
  return v.pipe(
    mapOf(v.pipe(headerName(), settable), value, { least: 0, most: 50, what: 'headers' }),
    v.check(
      (given) => new Set(lowerCase(Object.keys(given))).size === Object.keys(given).length,
      'has a header twice: upper and lower case are the same. Keep one of them.',
    ),
  );
}

function lowerCase(names: readonly string[]): string[] {
  return names.map((name) => name.toLowerCase());
}

/** Text is sent as it is; a mapping or a list is sent as JSON. */
function body() {
  const message = must('text, or a mapping or list that is sent as JSON');
  return v.pipe(
    v.union([v.string(), v.array(v.unknown()), v.looseObject({})], message),
    v.rawTransform(({ dataset, addIssue, NEVER }): { text: string; isJson: boolean } => {
      const isJson = typeof dataset.value !== 'string';
      const written = isJson ? JSON.stringify(dataset.value) : String(dataset.value);
      if (written.length <= LONGEST_BODY) return { text: written, isJson };
      addIssue({ message: `must be at most ${LONGEST_BODY} characters; received ${written.length}.` });
      return NEVER;
    }),
  );
}
