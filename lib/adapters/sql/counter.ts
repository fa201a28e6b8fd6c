import { iso } from '../../drill/clock.ts';
import type { CountSource, Plan } from '../../drill/plan/plan.ts';
import type { BadWindow } from '../../drill/side-effects.ts';
import type { Databases } from './databases.ts';
import { DatabaseTrouble } from './trouble.ts';

type SqlSource = Extract<CountSource, { sql: object }>['sql'];

/**
 * Counts by one reading statement what happened in a time: `{{since}}` and `{{until}}` in it stand for the two times, as
 * values and not as text. It must find one row with one whole number. Throws when it does not.
 */
export async function countBySql(
  open: Databases,
  { database: name, statement }: SqlSource,
  databases: Plan['databases'],
  { since, until }: BadWindow,
  signal: AbortSignal,
): Promise<number> {
  const times: Readonly<Record<string, string>> = { since: iso(since), until: iso(until) };
  const values: string[] = [];
  const filled = statement.replaceAll(
    /\{\{(since|until)\}\}/g,
    (_, name: string) => `$${values.push(times[name] ?? '')}::timestamptz`,
  );
  const database = databases[name];
  if (!database) throw new DatabaseTrouble(`the plan has no database '${name}'`);
  const session = await open(database, database.primary, signal);
  try {
    return countIn(await session.rowsOf(filled, values));
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
