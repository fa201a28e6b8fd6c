import type { Occupant, ServerIdentity } from '../../drill/guardrails/databases.ts';
import type { Follower } from '../../drill/validations/missing-replica.ts';
import type { SchemaObject } from '../../drill/validations/schema.ts';

export interface Server {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

export interface Account {
  readonly user: string;
  readonly password: string;
}

export interface Connecting extends Server, Account {
  readonly database: string;
  readonly tls: 'require' | 'off';
  /** Ends the session, whatever it is doing. */
  readonly signal: AbortSignal;
}

/** How far a replica is from a place in the primary's log. */
export interface Distance {
  readonly isThere: boolean;
  /** What it has not replayed yet; `null` when that is not told in bytes. */
  readonly bytes: number | null;
  /** ISO 8601; `null` when the server does not know it. */
  readonly lastChangeAt: string | null;
  readonly note: string;
}

export interface Rows {
  readonly rows: number;
  /** The first column of the first rows, as text. */
  readonly first: readonly (string | null)[];
}

/** A connection that can only read, in which nothing takes long and nothing grows large. Every call throws what went wrong. */
export interface Session {
  isReplica(): Promise<boolean>;
  schema(): Promise<readonly SchemaObject[]>;
  /** One statement of the plan; `values` stand for $1, $2 … in it. */
  rowsOf(sql: string, values?: readonly string[]): Promise<Rows>;
  /** Of a primary: where its log is now. */
  place(): Promise<string>;
  /** Of a replica: how far it is from that place. */
  distance(kind: 'physical' | 'logical', place: string): Promise<Distance>;
  /** Of a primary: who gets its changes; `null` when it does not tell. */
  followers(): Promise<readonly Follower[] | null>;
  /** Of a standby: whether any server sends it changes; `null` when it does not tell. */
  receives(): Promise<boolean | null>;
  /** What the server says that it is. */
  identity(): Promise<Omit<ServerIdentity, 'name' | 'kind'>>;
  /** Who is in a transaction for a second or more, or waits for a lock, or may not be looked at. */
  occupants(): Promise<readonly Occupant[]>;
  end(): Promise<void>;
}

/** What every dialect of SQL must be able to do. */
export interface Dialect {
  connect(to: Connecting): Promise<Session>;
}
