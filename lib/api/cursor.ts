import { createHash } from 'node:crypto';
import * as v from 'valibot';

const Position = v.tuple([v.string(), v.string()]);

/** Where the next page of a list begins, as clients hand it back: nothing that they could make sense of, or change. */
export function cursorOf(list: string, after: string): string {
  return Buffer.from(JSON.stringify([check(list, after), after])).toString('base64url');
}

/** `undefined` for what was never a cursor of this list. It guards against mistakes: it opens nothing but this list. */
export function positionIn(list: string, cursor: string): string | undefined {
  const read = v.safeParse(
    v.pipe(v.string(), v.regex(/^[\w-]{1,4096}$/), v.transform(decoded), v.parseJson(), Position),
    cursor,
  );
  if (!read.success) return undefined;
  const [, after] = read.output;
  return cursor === cursorOf(list, after) ? after : undefined;
}

function decoded(cursor: string): string {
  return Buffer.from(cursor, 'base64url').toString();
}

function check(list: string, after: string): string {
  return createHash('sha256')
    .update(JSON.stringify([list, after]))
    .digest('hex')
    .slice(0, 12);
}
