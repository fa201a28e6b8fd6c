import { expect, test } from 'vitest';
import {
  type DatabaseFacts,
  databaseRefusals,
  type Occupant,
  type ServerIdentity,
} from '../../../../lib/drill/guardrails/databases.ts';

const LIMITS = { database: 'shop', longestTransactionMs: 300_000, longestLockWaitMs: 5_000 };
const PRIMARY: ServerIdentity = {
  name: 'primary',
  kind: 'primary',
  database: 'shop',
  isReplica: false,
  system: '75',
};
const STANDBY: ServerIdentity = { ...PRIMARY, name: 'standby', kind: 'physical', isReplica: true };
const IDLE: Occupant = {
  who: 'session 7 (shop)',
  transactionMs: null,
  lockWaitMs: null,
  isHidden: false,
};

test.each<[title: string, facts: Partial<DatabaseFacts>, reason: string]>([
  [
    'another database answers',
    { servers: [{ ...PRIMARY, database: 'shop_copy' }] },
    'primary answers as database shop_copy; the plan names shop',
  ],
  [
    'the primary is a standby',
    { servers: [{ ...PRIMARY, isReplica: true }] },
    'primary is a standby (pg_is_in_recovery() is true); it must take writes',
  ],
  [
    'a standby takes writes',
    { servers: [PRIMARY, { ...STANDBY, isReplica: false }] },
    'standby is no standby (pg_is_in_recovery() is false); the plan calls it physical',
  ],
  [
    'a standby follows another server',
    { servers: [PRIMARY, { ...STANDBY, system: '99' }] },
    "standby is a standby of another server: its system is 99, the primary's 75",
  ],
  [
    'nobody tells whose standby it is',
    { servers: [{ ...PRIMARY, system: null }, STANDBY] },
    'standby cannot be told to be a standby of the primary: a system identifier cannot be read',
  ],
  [
    'somebody waits for a lock for too long',
    { occupants: [{ ...IDLE, transactionMs: 6_000, lockWaitMs: 5_001 }] },
    'session 7 (shop) waits for a lock for 5s1ms > 5s allowed',
  ],
  [
    'a transaction is open for too long',
    { occupants: [{ ...IDLE, transactionMs: 300_001 }] },
    'session 7 (shop) has a transaction open for 5m1ms > 5m allowed',
  ],
  [
    'it is not known what a session holds',
    { occupants: [{ ...IDLE, isHidden: true }] },
    '1 sessions may not be looked at, so it is not known what they hold; grant pg_read_all_stats to the role of the drill',
  ],
])('no drill starts while %s', (_, facts, reason) => {
  expect(databaseRefusals({ servers: [PRIMARY, STANDBY], occupants: [], ...facts }, LIMITS)).toEqual([
    reason,
  ]);
});

test('of many that are held up five are told, and the others counted', () => {
  const occupants = Array.from({ length: 9 }, () => ({ ...IDLE, lockWaitMs: 60_000 }));
  const told = databaseRefusals({ servers: [PRIMARY], occupants }, LIMITS);
  expect([told.length, told.at(-1)]).toEqual([6, '4 more']);
});

test('a drill may start on the right servers when nobody is held up for longer than allowed', () => {
  const logical = { ...PRIMARY, name: 'reports', kind: 'logical', system: '42' } as const;
  const occupants = [{ ...IDLE, transactionMs: 300_000, lockWaitMs: 5_000 }];
  expect(databaseRefusals({ servers: [PRIMARY, STANDBY, logical], occupants }, LIMITS)).toEqual([]);
});
