import * as v from 'valibot';
import { closed, exactlyOneOf, listOf, mapOf, section, text } from '../fields.ts';
import { excerpt, headerName, jsonPath, request, STEP_METHODS, statuses } from '../http.ts';
import { wrong } from '../message.ts';
import { duration, name } from '../words.ts';
import { common } from './common.ts';

/** One user's way through the critical path. */
export function syntheticTransaction() {
  return closed({
    ...common('synthetic-transaction'),
    steps: v.pipe(
      listOf(step(), { least: 1, most: 30, what: 'steps' }),
      v.description('the requests of one user, one after the other'),
    ),
  });
}

function step() {
  return section({
    name: v.pipe(name(), v.description('the name of the step, unique in its validation')),
    ...request(STEP_METHODS),
    expect: v.optional(v.pipe(expectation(), v.description('what the answer must be')), {}),
    capture: v.optional(
      v.pipe(captures(), v.description('values of the answer that later steps use as {{name}}')),
      {},
    ),
  });
}

function expectation() {
  const paths = { least: 1, most: 50, what: 'paths' };
  return section({
    status: v.optional(v.pipe(statuses(), v.description('the allowed statuses')), 200),
    bodyContains: v.exactOptional(v.pipe(excerpt(), v.description('text that the answer contains'))),
    json: v.exactOptional(
      v.pipe(mapOf(jsonPath(), plainValue(), paths), v.description('values at paths like $.items[0].sku')),
    ),
    within: v.exactOptional(v.pipe(duration('10ms', '60s'), v.description('how long the answer may take'))),
  });
}

function captures() {
  const source = exactlyOneOf({ json: jsonPath(), header: headerName(), cookie: cookieName() });
  return mapOf(captureName(), source, { least: 0, most: 20, what: 'captures' });
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

function plainValue() {
  const message = ({ input }: { readonly input: unknown }) =>
    wrong('text, a number, true, false or null', input);
  return v.union([v.string(), v.number(), v.boolean(), v.null()], message);
}
