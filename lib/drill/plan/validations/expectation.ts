import * as v from 'valibot';
import { PatternError, parsePattern } from '../../pattern.ts';
import { exactlyOneOf, mapOf, must, section } from '../fields.ts';
import { excerpt, headerName, jsonPath, statuses } from '../http.ts';
import { wrong } from '../message.ts';
import { duration } from '../words.ts';

/** What an answer must be. */
export function expectation() {
  return section({
    status: v.optional(v.pipe(statuses(), v.description('the allowed statuses')), 200),
    headers: v.exactOptional(
      v.pipe(
        mapOf(headerName(), expected(headerText(), 'text'), { least: 1, most: 20, what: 'headers' }),
        v.description('headers of the answer, each text or a comparison like {exists: true}'),
      ),
    ),
    bodyContains: v.exactOptional(v.pipe(excerpt(), v.description('text that the answer contains'))),
    json: v.exactOptional(
      v.pipe(
        mapOf(jsonPath(), expected(plainValue(), 'text, a number, true, false, null'), {
          least: 1,
          most: 50,
          what: 'paths',
        }),
        v.description('values at paths like $.items[0].sku, or comparisons like {above: 0}'),
      ),
    ),
    within: v.exactOptional(v.pipe(duration('10ms', '60s'), v.description('how long the answer may take'))),
  });
}

/** The value itself, or a comparison with it. */
function expected<const Plain extends v.GenericSchema>(plain: Plain, allowed: string) {
  return v.union(
    [plain, comparison()],
    ({ input, issues = [] }) =>
      (Array.isArray(input) ? undefined : withinComparison(issues)) ??
      wrong(
        `${allowed} or a comparison: {exists: true}, {above: 0}, {below: 9} or {matches: '^ord-'}`,
        input,
      ),
  );
}

/** A union tells of its alternatives only what is asked for here. */
function withinComparison(issues: readonly v.BaseIssue<unknown>[]): string | undefined {
  const issue = issues.find(({ type, path }) => type === 'raw_check' || path !== undefined);
  if (!issue) return undefined;
  const key = issue.path?.at(-1)?.key;
  return key === undefined ? issue.message : `${String(key)} ${issue.message}`;
}

function comparison() {
  return exactlyOneOf({
    exists: v.boolean(must('true or false')),
    above: v.number(must('a number')),
    below: v.number(must('a number')),
    matches: pattern(),
  });
}

function pattern() {
  return v.pipe(
    v.string(must('a pattern, like ^ord-[0-9]+$')),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      try {
        parsePattern(dataset.value);
      } catch (error) {
        if (!(error instanceof PatternError)) throw error;
        addIssue({ message: `must be a pattern, like ^ord-[0-9]+$; ${error.message}.` });
      }
    }),
  );
}

function plainValue() {
  return v.union([v.string(), v.number(), v.boolean(), v.null()]);
}

function headerText() {
  return v.pipe(v.string(), v.maxLength(1000));
}
