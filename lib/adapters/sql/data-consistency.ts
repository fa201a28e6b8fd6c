import * as v from 'valibot';
import { beforeOf } from '../../drill/journal.ts';
import type { Plan, ValidationOf } from '../../drill/plan/plan.ts';
import { type Found, judgeDataConsistency, RowsFound } from '../../drill/validations/data-consistency.ts';
import type { Validator } from '../../ports/validations.ts';
import { databaseNamed } from './database-named.ts';
import type { Databases } from './databases.ts';
import { checkReady } from './readiness.ts';
import type { Session } from './session.ts';
import { DatabaseTrouble } from './trouble.ts';

type DataConsistency = ValidationOf<'data-consistency'>;

const Kept = v.record(v.string(), RowsFound);

/** Asks the primary every assertion, one after the other, in a session that cannot write. */
export function dataConsistency(databases: Databases): Validator<'data-consistency'> {
  return {
    /** A statement that cannot be run now could prove nothing afterwards. Of rows only their number is kept. */
    async before(validation, { plan }, signal) {
      await checkReady(databases, databaseNamed(plan, validation.database), [], plan, signal);
      const found = Object.entries(await ask(databases, validation, plan, signal));
      for (const [name, rows] of found)
        if (rows.kind === 'unreadable') throw new DatabaseTrouble(`${name}: ${rows.reason}`);
      return Object.fromEntries(
        found.map(([name, rows]) => [name, isNumber(validation, name) ? rows : { ...rows, first: [] }]),
      );
    },
    async judge(validation, { plan, journal }, signal) {
      const kept = v.safeParse(Kept, beforeOf(journal, validation.name));
      const now = await ask(databases, validation, plan, signal);
      return judgeDataConsistency(validation.assertions, now, kept.success ? kept.output : undefined);
    },
  };
}

async function ask(
  databases: Databases,
  { database: name, assertions }: DataConsistency,
  plan: Plan,
  signal: AbortSignal,
): Promise<Found> {
  const database = databaseNamed(plan, name);
  const session = await databases(database, database.primary, signal).catch((error: Error) => error);
  if (session instanceof Error) {
    const unreadable = { kind: 'unreadable', reason: session.message, isOfStatement: false } as const;
    return Object.fromEntries(assertions.map((assertion) => [assertion.name, unreadable]));
  }
  const found: Record<string, RowsFound> = {};
  try {
    for (const assertion of assertions) found[assertion.name] = await rowsFound(session, assertion.sql);
  } finally {
    await session.end();
  }
  return found;
}

async function rowsFound(session: Session, sql: string): Promise<RowsFound> {
  try {
    const { rows, first } = await session.rowsOf(sql);
    return { kind: 'found', rows, first: [...first] };
  } catch (error) {
    const isOfStatement = error instanceof DatabaseTrouble && error.isOfStatement;
    return { kind: 'unreadable', reason: (error as Error).message, isOfStatement };
  }
}

function isNumber({ assertions }: DataConsistency, name: string): boolean {
  return assertions.some((assertion) => assertion.name === name && !('rows' in assertion.expect));
}
