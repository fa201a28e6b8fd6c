import { describe, expect, test } from 'vitest';
import { type Follower, gapsOfReplicas } from '../../../../lib/drill/validations/missing-replica.ts';
import type { ReplicaFound } from '../../../../lib/drill/validations/replica-schema.ts';

const STANDBY: ReplicaFound = {
  name: 'standby',
  kind: 'physical',
  server: { kind: 'read', isReplica: true, objects: [] },
  lag: { kind: 'caught-up', afterMs: 12 },
  receives: true,
};
const REPORTS: ReplicaFound = { ...STANDBY, name: 'reports', kind: 'logical', receives: null };
const LOST = { kind: 'unreadable', reason: 'connection refused' } as const;

function follower(kind: Follower['kind'], name: string | null, isConnected = true): Follower {
  return { kind, name, isConnected };
}

const BOTH = [follower('physical', 'walreceiver'), follower('logical', 'reports_sub')];

describe('there is no gap', () => {
  test.each([
    ['when the plan names every follower', [STANDBY, REPORTS], BOTH],
    ['when a replica follows another replica', [STANDBY, { ...STANDBY, name: 'far' }, REPORTS], BOTH],
    ['when the primary tells of no follower', [STANDBY, REPORTS], null],
    ['when a standby does not tell who sends it changes', [{ ...STANDBY, receives: null }], null],
  ])('%s', (_, replicas, followers) => expect(gapsOfReplicas(replicas, followers)).toEqual([]));
});

describe('a missing replica is a gap', () => {
  test.each<[string, ReplicaFound[], Follower[] | null, string, string]>([
    [
      'when a follower is not in the plan, also where another kind of replica is named instead',
      [REPORTS],
      [...BOTH, follower('physical', null)],
      'the plan does not name every physical replica of the primary, so one is not checked',
      '2 (walreceiver, without a name) > 0 named in the plan',
    ],
    [
      'when it cannot be reached',
      [{ ...STANDBY, server: LOST, lag: LOST, receives: null }],
      null,
      'replica standby was not there to be checked',
      'connection refused',
    ],
    [
      'when nobody sends it changes, though it has all that there were',
      [{ ...STANDBY, receives: false }],
      [],
      'replica standby gets no changes from any server',
      'pg_stat_wal_receiver is empty',
    ],
    [
      'when its slot is deserted',
      [STANDBY, REPORTS],
      [...BOTH, follower('logical', 'billing', false)],
      'a logical replica of the primary is not connected, and the primary keeps its log for it',
      'replication slot billing is not active',
    ],
  ])('%s', (_, replicas, followers, message, evidence) =>
    expect(gapsOfReplicas(replicas, followers)).toEqual([
      { code: 'missing-replica', severity: 'warning', message, evidence },
    ]),
  );
});
