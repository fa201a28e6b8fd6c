import { expect, test } from 'vitest';
import {
  judgeReplicaSchema,
  type Lag,
  type ReplicaFound,
  type SchemaFacts,
  type ServerFound,
} from '../../../../lib/drill/validations/replica-schema.ts';
import { definitionsOf, keptOf, type SchemaObject } from '../../../../lib/drill/validations/schema.ts';

const OBJECTS = ['id', 'sku'].map((name) => column(name));
const BEFORE = keptOf(definitionsOf(OBJECTS, []));
const LIMITS = { maximumLagMs: 10_000, ignore: [] };
const PRIMARY: ServerFound = { kind: 'read', isReplica: false, objects: OBJECTS };
const STANDBY: ReplicaFound = {
  name: 'standby',
  kind: 'physical',
  server: { ...PRIMARY, isReplica: true },
  lag: { kind: 'caught-up', afterMs: 12 },
  receives: true,
};
const REPORTS: ReplicaFound = { ...STANDBY, name: 'reports', kind: 'logical', server: PRIMARY };
const BEHIND: Lag = {
  kind: 'behind',
  forMs: 59_000,
  bytes: 184,
  lastChangeAt: '2026-11-03T10:00:00.000Z',
  note: '',
};

test.each<[title: string, facts: Partial<SchemaFacts>, verdict: string, reason: string]>([
  [
    'a primary that could not be read',
    { primary: unreadable('connection refused (ECONNREFUSED)') },
    'unknown',
    'the primary could not be read: connection refused (ECONNREFUSED)',
  ],
  [
    'a primary that is a standby',
    { primary: { ...PRIMARY, isReplica: true }, replicas: [] },
    'failed',
    'the primary is a standby: it replays the changes of another server',
  ],
  [
    'a replica that could not be read',
    { replicas: [STANDBY, { ...REPORTS, server: unreadable('timeout'), lag: unreadable('timeout') }] },
    'unknown',
    'reports could not be read: timeout',
  ],
  [
    'a standby that takes writes of its own',
    { replicas: [{ ...STANDBY, server: PRIMARY }] },
    'failed',
    'standby is no standby: it takes writes of its own (pg_is_in_recovery() is false)',
  ],
  [
    'a standby that is behind, whose schema is only older',
    { replicas: [{ ...STANDBY, server: { kind: 'read', isReplica: true, objects: [] }, lag: BEHIND }] },
    'failed',
    'standby is 184 bytes behind for 59s, 10s allowed; its last change is of 2026-11-03T10:00:00.000Z',
  ],
  [
    'a standby that caught up too late',
    { replicas: [{ ...STANDBY, lag: { kind: 'caught-up', afterMs: 10_001 } }] },
    'failed',
    'standby was behind for 10s1ms > 10s allowed',
  ],
  [
    'a standby that was not waited for as long as it may take',
    { replicas: [{ ...STANDBY, lag: { ...BEHIND, forMs: 9_000 } }] },
    'unknown',
    'standby was waited for only 9s, 10s allowed',
  ],
  [
    'a standby whose replay is paused, however short it was waited for',
    {
      replicas: [
        { ...STANDBY, lag: { ...BEHIND, forMs: 1_000, lastChangeAt: null, note: 'its replay is paused' } },
      ],
    },
    'failed',
    'standby is 184 bytes behind for 1s, 10s allowed (its replay is paused)',
  ],
  [
    'a replica of which nobody knows how far it is',
    { replicas: [{ ...REPORTS, lag: unreadable('it has no subscription') }] },
    'unknown',
    'how far reports is behind could not be read: it has no subscription',
  ],
])('%s does not pass', (_, facts, verdict, reason) => {
  expect(judged(facts)).toMatchObject({ verdict, reason });
});

test('what differs fails it, whatever else could not be read', () => {
  const lost = { ...STANDBY, server: unreadable('timeout'), lag: unreadable('timeout') };
  const drifted = { ...REPORTS, server: { ...PRIMARY, objects: [...OBJECTS, column('gift')] } };
  expect(judged({ replicas: [lost, drifted] })).toMatchObject({
    verdict: 'failed',
    reason: 'reports differs in 1 object from the primary; standby could not be read: timeout',
    evidence: ['orders.gift (column): only on reports: text null'],
  });
});

test('a schema is not that of before by itself', () => {
  const changed = { ...PRIMARY, objects: [...OBJECTS, column('promo')] };
  const replicas = [{ ...STANDBY, server: { ...changed, isReplica: true } }];
  expect(judged({ primary: changed, replicas })).toEqual({
    verdict: 'failed',
    reason: 'the primary differs in 1 object from before the drill',
    evidence: ['orders.promo (column): new since before the drill: text null'],
  });
  expect(
    judgeReplicaSchema({ primary: PRIMARY, replicas: [], followers: [] }, undefined, LIMITS),
  ).toMatchObject({
    verdict: 'unknown',
    reason: 'the schema of before the drill is not known',
  });
});

test('no more than twenty differences are shown, the others are counted', () => {
  const many = Array.from({ length: 25 }, (_, n) => column(`c${n}`));
  const { evidence, reason } = judged({
    replicas: [{ ...REPORTS, server: { ...PRIMARY, objects: [...OBJECTS, ...many] } }],
  });
  expect(reason).toBe('reports differs in 25 objects from the primary');
  expect(evidence.length).toBe(21);
  expect(evidence.at(-1)).toBe('… and 5 more');
});

test('a weakness of the replicas is a gap, whatever the verdict', () => {
  const ghost = { kind: 'physical', name: 'ghost', isConnected: true } as const;
  expect(judged({ followers: [ghost, { ...ghost, name: 'walreceiver' }] })).toMatchObject({
    verdict: 'passed',
    gaps: [{ code: 'missing-replica', evidence: '2 (ghost, walreceiver) > 1 (standby) named in the plan' }],
  });
});

test('the same schema everywhere passes, with how long replicas took', () => {
  expect(judged({})).toEqual({
    verdict: 'passed',
    reason: `the primary has the schema of before the drill (2 objects, ${BEFORE.digest.slice(0, 12)}); standby caught up after 12 ms ≤ 10s allowed; standby has the schema of the primary; reports caught up after 12 ms ≤ 10s allowed; reports has the schema of the primary`,
    evidence: [],
  });
});

function judged(facts: Partial<SchemaFacts>) {
  const replicas = facts.replicas ?? [STANDBY, REPORTS];
  const all = { primary: PRIMARY, replicas, followers: null, ...facts };
  return judgeReplicaSchema(all, BEFORE, LIMITS);
}

function column(name: string): SchemaObject {
  return { kind: 'column', name: `public.orders.${name}`, definition: 'text null' };
}

function unreadable(reason: string) {
  return { kind: 'unreadable', reason } as const;
}
