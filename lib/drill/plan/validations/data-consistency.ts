import * as v from 'valibot';
import { closed, exactlyOneOf, listOf, section, text } from '../fields.ts';
import { wrong } from '../message.ts';
import { name } from '../words.ts';
import { common } from './every-kind.ts';

/** What must hold of the data, in SQL. */
export function dataConsistency() {
  return closed({
    ...common('data-consistency'),
    database: v.pipe(name(), v.description('which of databases')),
    assertions: v.pipe(
      listOf(assertion, { least: 1, most: 30, what: 'assertions' }),
      v.description('what must hold: {name, sql, expect}'),
    ),
  });
}

/** One statement that only reads; the server sees to it that it does. */
export function sql() {
  return text(
    /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:[Ss][Ee][Ll][Ee][Cc][Tt]|[Ww][Ii][Tt][Hh]|[Vv][Aa][Ll][Uu][Ee][Ss]|[Tt][Aa][Bb][Ll][Ee])\b[\s\S]{0,8000}$/,
    'one statement of at most 8000 characters that begins with SELECT, WITH, VALUES or TABLE',
  );
}

const assertion = section({
  name: v.pipe(name(), v.description('what it finds, like orphaned-orders; unique in its validation')),
  sql: v.pipe(
    sql(),
    v.description('one reading statement; the first column of the first rows is shown when it does not hold'),
  ),
  expect: v.optional(
    v.pipe(
      exactlyOneOf({
        rows: v.pipe(rows(), v.description('none: it finds nothing')),
        equals: v.pipe(amount(), v.description('the one number that it finds: 0, or before the drill')),
        atMost: v.pipe(amount(), v.description('the most that this number may be')),
        atLeast: v.pipe(
          amount(),
          v.description('the least that this number may be; before: nothing was lost'),
        ),
      }),
      v.description('{rows: none}, or {equals: 0}, {atMost: 5}, {atLeast: before}'),
    ),
    { rows: 'none' },
  ),
});

function rows() {
  return v.literal('none', ({ input }) => wrong('none', input));
}

/** A number, or what it was before the drill. */
function amount() {
  const message = ({ input }: { readonly input: unknown }) => wrong('a number, or the word before', input);
  return v.union([v.number(message), v.literal('before')], message);
}
