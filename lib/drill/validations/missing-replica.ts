import type { Gap } from '../gap.ts';
import type { ReplicaFound } from './replica-schema.ts';

/** Somebody to whom a primary sends its changes, or for whom it keeps them. */
export interface Follower {
  readonly kind: 'physical' | 'logical';
  /** Its slot or the name that it gave itself; `null` when the primary does not tell. */
  readonly name: string | null;
  /** Whether it is connected; `false` is a slot that nobody reads. */
  readonly isConnected: boolean;
}

/** Replicas that the plan names and that are not there, and followers of the primary that the plan does not name. */
export function gapsOfReplicas(
  replicas: readonly ReplicaFound[],
  followers: readonly Follower[] | null,
): readonly Gap[] {
  return [
    ...replicas.flatMap(ofReplica),
    ...(['physical', 'logical'] as const).flatMap((kind) => unnamed(kind, replicas, followers ?? [])),
    ...(followers ?? []).flatMap(deserted),
  ];
}

function ofReplica({ name, server, receives }: ReplicaFound): readonly Gap[] {
  if (server.kind === 'unreadable')
    return [missing(`replica ${name} was not there to be checked`, server.reason)];
  if (receives !== false) return [];
  return [missing(`replica ${name} gets no changes from any server`, 'pg_stat_wal_receiver is empty')];
}

/** A replica of a replica follows no primary: fewer than named is no finding. */
function unnamed(
  kind: Follower['kind'],
  replicas: readonly ReplicaFound[],
  followers: readonly Follower[],
): readonly Gap[] {
  const found = followers.filter((follower) => follower.kind === kind && follower.isConnected);
  const named = replicas.filter((replica) => replica.kind === kind);
  if (found.length <= named.length) return [];
  const message = `the plan does not name every ${kind} replica of the primary, so one is not checked`;
  const [followed, planned] = [namesOf(found), namesOf(named)];
  return [missing(message, `${followed} > ${planned} named in the plan`)];
}

function deserted({ kind, name, isConnected }: Follower): readonly Gap[] {
  if (isConnected) return [];
  const message = `a ${kind} replica of the primary is not connected, and the primary keeps its log for it`;
  return [missing(message, `replication slot ${name} is not active`)];
}

function namesOf(all: readonly { readonly name: string | null }[]): string {
  if (all.length === 0) return '0';
  return `${all.length} (${all.map(({ name }) => name ?? 'without a name').join(', ')})`;
}

function missing(message: string, evidence: string): Gap {
  return { code: 'missing-replica', severity: 'warning', message, evidence };
}
