import { iso } from '../../drill/clock.ts';
import type { Database } from '../../drill/plan/plan.ts';
import type { BadWindow } from '../../drill/side-effects.ts';
import type { Databases } from './databases.ts';
import { DatabaseTrouble } from './trouble.ts';

/**
 * Counts by one reading statement what happened in a time: `{{since}}` and `{{until}}` in it stand for the two times, as
 * values and not as text. It must find one row with one whole number. Throws when it does not.
 */
export async function countBySql(
  databases: Databases,
  { database, sql }: { readonly database: Database; readonly sql: string },
  { since, until }: BadWindow,
  signal: AbortSignal,
): Promise<number> {
  const times: Readonly<Record<string, string>> = { since: iso(since), until: iso(until) };
  const values: string[] = [];
  const statement = sql.replaceAll(
    /\{\{(since|until)\}\}/g,
    (_, name: string) => `$${values.push(times[name] ?? '')}::timestamptz`,
  );
  const session = await databases(database, database.primary, signal);
  try {
    return countIn(await session.rowsOf(statement, values));
  } finally {
    await session.end();
  }
}

function countIn({
  rows,
  first,
}: {
  readonly rows: number;
  readonly first: readonly (string | null)[];
}): number {
  const [value] = first;
  if (rows === 1 && typeof value === 'string' && /^\d{1,15}$/.test(value)) return Number(value);
  const found = rows === 1 ? 'one row without a whole number' : `${rows} rows`;
  throw new DatabaseTrouble(`the statement found ${found}; it must find one row with one whole number`);
}
