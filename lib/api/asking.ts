import * as v from 'valibot';
import { LONGEST_REASON } from '../drill/people/people.ts';
import { DurationError, parseDuration } from '../drill/plan/duration.ts';
import { asOfFrom, TimeError } from '../drill/statistics/as-of.ts';
import type { PageAsked } from '../ports/receipts.ts';
import { cursorOf, positionIn } from './cursor.ts';
import { invalid, type Read } from './fields.ts';

/* What may be asked for. */

const USUAL_LIMIT = 20;
const HIGHEST_LIMIT = 100;

const LIMIT = `is no whole number from 1 to ${HIGHEST_LIMIT}`;

/** How a part of a list is asked for. */
export const PAGE = {
  limit: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,3}$/, LIMIT),
      v.transform(Number),
      v.minValue(1, LIMIT),
      v.maxValue(HIGHEST_LIMIT, LIMIT),
    ),
  ),
  cursor: v.optional(v.string()),
};

/** The page that is asked for; `list` tells the list, so that no cursor of another one is taken. */
export function pageAsked(
  list: string,
  {
    limit = USUAL_LIMIT,
    cursor,
  }: { readonly limit?: number | undefined; readonly cursor?: string | undefined },
): Read<PageAsked> {
  if (cursor === undefined) return { kind: 'read', value: { limit, after: null } };
  const after = positionIn(list, cursor);
  if (after !== undefined) return { kind: 'read', value: { limit, after } };
  const message =
    'is no cursor of this list; send the `next` of a page unchanged, or none for the first page';
  return invalid([{ in: 'query', field: 'cursor', message }]);
}

export function nextOf(list: string, next: string | null): string | null {
  return next === null ? null : cursorOf(list, next);
}

/** A day, or a time in UTC, as epoch milliseconds: what depends on today is told of it. */
export const AsOf = v.optional(
  v.pipe(
    v.string(),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      try {
        return asOfFrom(dataset.value);
      } catch (error) {
        if (!(error instanceof TimeError)) throw error;
        addIssue({ message: `is not a time: ${error.message}` });
        return NEVER;
      }
    }),
  ),
);

/** For example `90s` or `2m`, as milliseconds. */
export const Duration = v.pipe(
  v.string('is no duration such as 90s or 2m'),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    try {
      return parseDuration(dataset.value);
    } catch (error) {
      if (!(error instanceof DurationError)) throw error;
      addIssue({ message: `is no duration: ${error.message}` });
      return NEVER;
    }
  }),
);

/** One text of a person. */
export const Reason = textOf(LONGEST_REASON);

export function textOf(mostCharacters: number) {
  const rule = `is no text of 1 to ${mostCharacters} characters`;
  return v.pipe(v.string(rule), v.minLength(1, rule), v.maxLength(mostCharacters, rule));
}
