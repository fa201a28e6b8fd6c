import * as v from 'valibot';
import { exactlyOneOf, mapOf, section } from './fields.ts';
import { jsonPath, request } from './http.ts';
import { sql } from './validations/data-consistency.ts';
import { line, name } from './words.ts';

const { url, headers } = request(['GET']);

/** How it is counted what happened while the known-bad release was live. */
export function count() {
  return exactlyOneOf({
    http: v.pipe(
      section({
        url,
        headers,
        json: v.pipe(jsonPath(), v.description('where the answer has the number, like $.orders')),
      }),
      v.description('a GET; {{since}} and {{until}} in its URL stand for the times in ISO 8601'),
    ),
    metric: v.pipe(
      section({
        namespace: v.pipe(line(255), v.description('the namespace of the metric, like Shop')),
        metric: v.pipe(line(255), v.description('its name; its sum is counted')),
        dimensions: v.optional(
          v.pipe(
            mapOf(line(255), line(1024), { least: 0, most: 30, what: 'dimensions' }),
            v.description('all dimensions of the metric'),
          ),
          {},
        ),
      }),
      v.description('a metric of CloudWatch, as a metric filter makes one of a log'),
    ),
    sql: v.pipe(
      section({
        database: v.pipe(name(), v.description('which of databases')),
        statement: v.pipe(sql(), v.description('one reading statement that finds one whole number')),
      }),
      v.description('a statement; {{since}} and {{until}} in it stand for the times'),
    ),
  });
}
