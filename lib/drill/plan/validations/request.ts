import * as v from 'valibot';
import { contentOf } from '../content.ts';
import { exactlyOneOf, mapOf, text } from '../fields.ts';
import { headerName, jsonPath, request, STEP_METHODS } from '../http.ts';
import { secretOf, secrets as secretsByName } from '../secret.ts';
import { expectation } from './expectation.ts';

/** A request of a validation and what its answer must be. */
export function asked() {
  return {
    ...request(STEP_METHODS),
    form: v.exactOptional(
      v.pipe(
        mapOf(fieldName(), fieldValue(), { least: 1, most: 100, what: 'fields' }),
        v.description('the fields of a form, sent as application/x-www-form-urlencoded'),
      ),
    ),
    expect: v.optional(v.pipe(expectation(), v.description('what the answer must be')), {}),
  };
}

/** Values of an answer that later requests use. */
export function captures(least: 0 | 1 = 0) {
  const source = exactlyOneOf({ json: jsonPath(), header: headerName(), cookie: cookieName() });
  return mapOf(captureName(), source, { least, most: 20, what: 'captures' });
}

/** What every validation has that sends requests. */
export function secrets() {
  return {
    secrets: v.optional(
      v.pipe(secretsByName(), v.description('secrets by name, which requests use as {{secret:NAME}}')),
      {},
    ),
  };
}

type Secrets = v.InferOutput<ReturnType<typeof secrets>['secrets']>;
type Expectation = v.InferOutput<ReturnType<typeof expectation>>;

interface Written {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: { readonly text: string; readonly isJson: boolean };
  readonly form?: Readonly<Record<string, string>>;
  readonly expect: Expectation;
}

/** Gives a request the names that the code uses: one body, whose type its headers tell, and a unit on every duration. */
export function askedOf<Request extends Written>({ headers, body, form, expect, ...request }: Request) {
  const { within: withinMs, ...answer } = expect;
  const time: { withinMs?: number } = withinMs === undefined ? {} : { withinMs };
  const content =
    form === undefined
      ? contentOf(headers, body)
      : contentOf({ 'content-type': 'application/x-www-form-urlencoded', ...headers }, textOf(form));
  return { ...request, ...content, expect: { ...answer, ...time } };
}

export function secretsOf(written: Secrets) {
  return Object.fromEntries(Object.entries(written).map(([name, secret]) => [name, secretOf(secret)]));
}

/** Placeholders stay as they are: what is put there is encoded when it is put there. */
function textOf(form: Readonly<Record<string, string>>): { text: string; isJson: false } {
  const fields = Object.entries(form).map(
    ([name, value]) => `${encodeURIComponent(name.toWellFormed())}=${encoded(value)}`,
  );
  return { text: fields.join('&'), isJson: false };
}

function encoded(value: string): string {
  return value
    .split(/(\{\{[^{}]*\}\})/)
    .map((part) => (/^\{\{[^{}]*\}\}$/.test(part) ? part : encodeURIComponent(part.toWellFormed())))
    .join('');
}

function captureName() {
  return text(
    /^[A-Za-z][A-Za-z0-9_-]{0,63}$/,
    "1 to 64 letters, digits, '-' or '_' that begin with a letter",
  );
}

function cookieName() {
  return text(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, 'the name of a cookie, like session');
}

function fieldName() {
  return text(/^[^{}]{1,200}$/, 'the name of a field, without braces');
}

function fieldValue() {
  return text(/^[\s\S]{0,4096}$/, 'text of at most 4096 characters', 'Write numbers in quotes.');
}
