import { formatDuration } from '../plan/duration.ts';
import type { Judgement } from '../validation.ts';
import { type Follower, gapsOfReplicas } from './missing-replica.ts';
import { definitionsOf, type KeptSchema, type SchemaObject, schemaDigest } from './schema.ts';
import { differenceSince, schemaDifference } from './schema-difference.ts';
import { type Findings, right, together, unproven, verdictOf, wrong } from './verdict.ts';

/** What one server was found to be; what could not be read proves nothing. */
export type ServerFound =
  | { readonly kind: 'read'; readonly isReplica: boolean; readonly objects: readonly SchemaObject[] }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** How far a replica was from where the primary had been when it was asked. */
export type Lag =
  /** It got there, so long after the primary. */
  | { readonly kind: 'caught-up'; readonly afterMs: number }
  | {
      readonly kind: 'behind';
      readonly forMs: number;
      /** What it has not replayed yet; `null` when that is not told in bytes. */
      readonly bytes: number | null;
      /** Of the last change that it has; `null` when that is not known. */
      readonly lastChangeAt: string | null;
      /** Why, where the server tells it. */
      readonly note: string;
    }
  | { readonly kind: 'unreadable'; readonly reason: string };

export interface ReplicaFound {
  readonly name: string;
  readonly kind: 'physical' | 'logical';
  readonly server: ServerFound;
  readonly lag: Lag;
  /** Of a standby: whether it is connected to a server that sends it changes; `null` when that is not told. */
  readonly receives: boolean | null;
}

export interface SchemaFacts {
  readonly primary: ServerFound;
  readonly replicas: readonly ReplicaFound[];
  /** Of the primary, as it tells; `null` when it does not. */
  readonly followers: readonly Follower[] | null;
}

export interface SchemaLimits {
  readonly maximumLagMs: number;
  readonly ignore: readonly string[];
}

/** With the lines that show it. */
interface Finding extends Findings {
  readonly lines?: readonly string[];
}

const MOST_LINES = 20;

/**
 * The schema of the primary is that of before the drill, every replica is one and has the same, and none is further behind
 * than allowed. A standby that is behind is not compared: it cannot have another schema, only an older one.
 */
export function judgeReplicaSchema(
  { primary, replicas, followers }: SchemaFacts,
  before: KeptSchema | undefined,
  limits: SchemaLimits,
): Judgement {
  if (primary.kind === 'unreadable')
    return verdictOf(unproven(`the primary could not be read: ${primary.reason}`), []);
  const findings = [
    ofPrimary(primary, before, limits),
    ...replicas.flatMap((replica) => [ofLag(replica, limits), ofReplica(primary, replica, limits)]),
  ];
  const lines = findings.flatMap((finding) => finding.lines ?? []);
  const gaps = gapsOfReplicas(replicas, followers);
  const judgement = verdictOf(together(findings), shown(lines));
  return gaps.length === 0 ? judgement : { ...judgement, gaps };
}

function ofPrimary(
  { isReplica, objects: found }: ServerFound & { kind: 'read' },
  before: KeptSchema | undefined,
  { ignore }: SchemaLimits,
): Finding {
  if (isReplica) return wrong('the primary is a standby: it replays the changes of another server');
  const definitions = definitionsOf(found, ignore);
  const told = `${definitions.size} objects, ${schemaDigest(definitions).slice(0, 12)}`;
  if (!before) return unproven('the schema of before the drill is not known');
  const changed = differenceSince(before, definitions);
  if (changed.length === 0) return right(`the primary has the schema of before the drill (${told})`);
  return {
    ...wrong(`the primary differs in ${objects(changed)} from before the drill`),
    lines: changed,
  };
}

function ofReplica(
  primary: ServerFound & { kind: 'read' },
  { name, kind, server, lag }: ReplicaFound,
  { ignore }: SchemaLimits,
): Finding {
  if (server.kind === 'unreadable') return unproven(`${name} could not be read: ${server.reason}`);
  if (kind === 'physical' && !server.isReplica)
    return wrong(`${name} is no standby: it takes writes of its own (pg_is_in_recovery() is false)`);
  if (kind === 'physical' && lag.kind !== 'caught-up')
    return right(`${name} was not compared, because it is not where the primary is`);
  const definitions = definitionsOf(primary.objects, ignore);
  const other = { name, definitions: definitionsOf(server.objects, ignore) };
  const lines = schemaDifference({ name: 'the primary', definitions }, other);
  if (lines.length === 0) return right(`${name} has the schema of the primary`);
  return { ...wrong(`${name} differs in ${objects(lines)} from the primary`), lines };
}

/** What cannot be read at all, and what is no standby, is told by `ofReplica`. */
function ofLag({ name, kind, server, lag }: ReplicaFound, { maximumLagMs }: SchemaLimits): Finding {
  if (server.kind === 'unreadable' || (kind === 'physical' && !server.isReplica)) return right();
  if (lag.kind === 'unreadable')
    return unproven(`how far ${name} is behind could not be read: ${lag.reason}`);
  const limit = `${formatDuration(maximumLagMs)} allowed`;
  if (lag.kind === 'caught-up' && lag.afterMs <= maximumLagMs)
    return right(`${name} caught up after ${lag.afterMs} ms ≤ ${limit}`);
  if (lag.kind === 'caught-up')
    return wrong(`${name} was behind for ${formatDuration(lag.afterMs)} > ${limit}`);
  // Who stops early has seen nothing but that it was not there yet.
  if (lag.forMs <= maximumLagMs && lag.note === '')
    return unproven(`${name} was waited for only ${formatDuration(lag.forMs)}, ${limit}`);
  const bytes = lag.bytes === null ? '' : `${lag.bytes} bytes `;
  const since = lag.lastChangeAt === null ? '' : `; its last change is of ${lag.lastChangeAt}`;
  const note = lag.note === '' ? '' : ` (${lag.note})`;
  return wrong(`${name} is ${bytes}behind for ${formatDuration(lag.forMs)}, ${limit}${note}${since}`);
}

/** A line is an object. */
function objects({ length }: readonly string[]): string {
  return length === 1 ? '1 object' : `${length} objects`;
}

function shown(lines: readonly string[]): readonly string[] {
  const more = lines.length - MOST_LINES;
  return [...lines.slice(0, MOST_LINES), ...(more > 0 ? [`… and ${more} more`] : [])];
}
