import { beforeOf } from '../../drill/journal.ts';
import type { Database } from '../../drill/plan/plan.ts';
import {
  judgeReplicaSchema,
  type ReplicaFound,
  type SchemaFacts,
  type ServerFound,
} from '../../drill/validations/replica-schema.ts';
import { definitionsOf, keptOf, readKept } from '../../drill/validations/schema.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Validator } from '../../ports/validations.ts';
import { closing } from './closing.ts';
import { databaseNamed } from './database-named.ts';
import type { Databases } from './databases.ts';
import { checkReady } from './readiness.ts';
import { type LagLimits, replicaLag } from './replica-lag.ts';
import type { Session } from './session.ts';

type Replica = Database['replicas'][number];

/** Left of the timeout to read schemas when a replica has been waited for. */
const RESERVE_MS = 1_000;
const MOST_RESERVED_SHARE = 0.25;

/** The schema of the primary is compared with that of before, and every replica with the primary. */
export function replicaSchema(databases: Databases, clock: Clock): Validator<'replica-schema'> {
  return {
    /** Replicas are read as well: one that cannot be read now could prove nothing afterwards, and one of another primary nothing at all. */
    async before({ database: name, ignore }, { plan }, signal) {
      const database = databaseNamed(plan, name);
      await checkReady(databases, database, database.replicas, plan, signal);
      const servers = [database.primary, ...database.replicas];
      const open = (server: (typeof servers)[number]) => databases(database, server, signal);
      const [objects = []] = await Promise.all(
        servers.map(async (server) => closing(await open(server), (session) => session.schema())),
      );
      return keptOf(definitionsOf(objects, ignore));
    },
    async judge(validation, { plan, journal }, signal) {
      const { database: name, timeoutMs, maximumLagMs } = validation;
      const reserveMs = Math.min(RESERVE_MS, timeoutMs * MOST_RESERVED_SHARE);
      const limits = { maximumLagMs, until: clock.now() + timeoutMs - reserveMs, signal };
      const facts = await look(databases, clock, databaseNamed(plan, name), limits);
      return judgeReplicaSchema(facts, readKept(beforeOf(journal, validation.name)), validation);
    },
  };
}

async function look(
  databases: Databases,
  clock: Clock,
  database: Database,
  limits: LagLimits,
): Promise<SchemaFacts> {
  const primary = await told(() => databases(database, database.primary, limits.signal));
  if ('kind' in primary) return { primary, replicas: [], followers: null };
  return closing(primary, async (session) => {
    const find = (replica: Replica) => replicaFound(databases, clock, database, session, replica, limits);
    const replicas = await Promise.all(database.replicas.map(find));
    const followers = await session.followers().catch(() => null);
    return { primary: await serverFound(session), replicas, followers };
  });
}

async function replicaFound(
  databases: Databases,
  clock: Clock,
  database: Database,
  primary: Session,
  { name, kind, ...at }: Replica,
  limits: LagLimits,
): Promise<ReplicaFound> {
  const replica = await told(() => databases(database, { name, ...at }, limits.signal));
  if ('kind' in replica) return { name, kind, server: replica, lag: replica, receives: null };
  return closing(replica, async (session) => {
    const lag = await replicaLag({ primary, replica: session, kind }, clock, limits);
    const receives = kind === 'physical' ? await session.receives().catch(() => null) : null;
    return { name, kind, lag, receives, server: await serverFound(session) };
  });
}

async function serverFound(session: Session): Promise<ServerFound> {
  const found = await told(async () => ({
    kind: 'read' as const,
    isReplica: await session.isReplica(),
    objects: await session.schema(),
  }));
  return found;
}

/** What goes wrong with a server says nothing about its schema. */
async function told<Answer>(
  ask: () => Promise<Answer>,
): Promise<Answer | { readonly kind: 'unreadable'; readonly reason: string }> {
  return ask().catch(({ message }: Error) => ({ kind: 'unreadable', reason: message }));
}
