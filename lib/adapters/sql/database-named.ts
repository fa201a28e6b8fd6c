import type { Database, Plan } from '../../drill/plan/plan.ts';

/** A plan that names another is refused before any drill. */
export function databaseNamed(
  { name, databases }: Pick<Plan, 'name' | 'databases'>,
  wanted: string,
): Database {
  const database = Object.hasOwn(databases, wanted) ? databases[wanted] : undefined;
  if (database) return database;
  throw new Error(`plan ${name} has no database '${wanted}'`);
}
