import { formatDuration } from '../plan/duration.ts';

/** What a server of a database says that it is. */
export interface ServerIdentity {
  readonly name: string;
  readonly kind: 'primary' | 'physical' | 'logical';
  readonly database: string;
  readonly isReplica: boolean;
  /** The same for a primary and its standbys, and for no other server; `null` when it cannot be read. */
  readonly system: string | null;
}

/** A session of a database, or a transaction that was prepared there and has none. */
export interface Occupant {
  readonly who: string;
  /** How long its transaction is open; `null` when it has none. */
  readonly transactionMs: number | null;
  /** How long it has waited for a lock; `null` when it waits for none. */
  readonly lockWaitMs: number | null;
  /** Whether the role may not see what it does. */
  readonly isHidden: boolean;
}

export interface DatabaseFacts {
  /** The primary first. */
  readonly servers: readonly ServerIdentity[];
  /** Of the primary. */
  readonly occupants: readonly Occupant[];
}

export interface DatabaseLimits {
  /** The name of the database on its servers. */
  readonly database: string;
  readonly longestTransactionMs: number;
  readonly longestLockWaitMs: number;
}

const MOST_TOLD = 5;

/** Why no drill may start on this database now; empty when it is the right one and nobody is held up in it. */
export function databaseRefusals(
  { servers, occupants }: DatabaseFacts,
  limits: DatabaseLimits,
): readonly string[] {
  const primary = servers.find(({ kind }) => kind === 'primary');
  return [
    ...servers.flatMap((server) => ofServer(server, primary, limits)),
    ...short(occupants.flatMap((occupant) => ofOccupant(occupant, limits))),
    ...hidden(occupants),
  ];
}

function ofServer(
  { name, kind, database, isReplica, system }: ServerIdentity,
  primary: ServerIdentity | undefined,
  limits: DatabaseLimits,
): readonly string[] {
  if (database !== limits.database)
    return [`${name} answers as database ${database}; the plan names ${limits.database}`];
  if (kind === 'primary' && isReplica)
    return [`${name} is a standby (pg_is_in_recovery() is true); it must take writes`];
  if (kind !== 'physical') return [];
  if (!isReplica) return [`${name} is no standby (pg_is_in_recovery() is false); the plan calls it physical`];
  if (system === null || !primary || primary.system === null)
    return [`${name} cannot be told to be a standby of the primary: a system identifier cannot be read`];
  if (system === primary.system) return [];
  return [`${name} is a standby of another server: its system is ${system}, the primary's ${primary.system}`];
}

function ofOccupant(
  { who, transactionMs, lockWaitMs }: Occupant,
  { longestTransactionMs, longestLockWaitMs }: DatabaseLimits,
): readonly string[] {
  return [
    ...tooLong(`${who} waits for a lock for`, lockWaitMs, longestLockWaitMs),
    ...tooLong(`${who} has a transaction open for`, transactionMs, longestTransactionMs),
  ];
}

function tooLong(what: string, forMs: number | null, allowedMs: number): readonly string[] {
  if (forMs === null || forMs <= allowedMs) return [];
  return [`${what} ${formatDuration(forMs)} > ${formatDuration(allowedMs)} allowed`];
}

function hidden(occupants: readonly Occupant[]): readonly string[] {
  const count = occupants.filter(({ isHidden }) => isHidden).length;
  if (count === 0) return [];
  return [
    `${count} sessions may not be looked at, so it is not known what they hold; grant pg_read_all_stats to the role of the drill`,
  ];
}

function short(reasons: readonly string[]): readonly string[] {
  const more = reasons.length - MOST_TOLD;
  return [...reasons.slice(0, MOST_TOLD), ...(more > 0 ? [`${more} more`] : [])];
}
