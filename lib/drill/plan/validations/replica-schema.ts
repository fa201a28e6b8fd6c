import * as v from 'valibot';
import { closed, listOf } from '../fields.ts';
import { duration, line, name } from '../words.ts';
import { common } from './every-kind.ts';

/** The schema of a database on its primary and on every replica, and how far the replicas are behind. */
export function replicaSchema() {
  return closed({
    ...common('replica-schema', '60s'),
    database: v.pipe(name(), v.description('which of databases')),
    maximumLag: v.optional(
      v.pipe(
        duration('100ms', '4m'),
        v.description('how far a replica may be behind; one that is further is waited for up to the timeout'),
      ),
      '10s',
    ),
    ignore: v.optional(
      v.pipe(
        listOf(line(200), { least: 0, most: 50, what: 'patterns' }),
        v.description(
          'objects that may differ, by name or by kind and name: public.tmp_*, index public.orders.*',
        ),
      ),
      [],
    ),
  });
}
