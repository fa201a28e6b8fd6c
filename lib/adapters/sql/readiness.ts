import { GuardrailRefused } from '../../drill/errors.ts';
import { databaseRefusals } from '../../drill/guardrails/databases.ts';
import type { Database, Plan } from '../../drill/plan/plan.ts';
import { closing } from './closing.ts';
import type { Databases } from './databases.ts';

/**
 * Asks the primary and these replicas whether they are the right ones, and the primary whether anybody is held up in it.
 * Throws `GuardrailRefused`, or what went wrong.
 */
export async function checkReady(
  databases: Databases,
  database: Database,
  replicas: Database['replicas'],
  { guardrails }: Pick<Plan, 'guardrails'>,
  signal: AbortSignal,
): Promise<void> {
  const servers = [{ ...database.primary, kind: 'primary' as const }, ...replicas];
  const looked = await Promise.all(
    servers.map(async ({ kind, ...server }) =>
      closing(await databases(database, server, signal), async (session) => ({
        identity: { name: server.name, kind, ...(await session.identity()) },
        occupants: kind === 'primary' ? await session.occupants() : [],
      })),
    ),
  );
  const refusals = databaseRefusals(
    {
      servers: looked.map(({ identity }) => identity),
      occupants: looked.flatMap(({ occupants }) => occupants),
    },
    { database: database.database, ...guardrails.databases },
  );
  if (refusals.length > 0) throw new GuardrailRefused(`database ${database.name}: ${refusals.join('; ')}`);
}
