import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../../../lib/adapters/clock.ts';
import { replicaSchema } from '../../../../lib/adapters/sql/replica-schema.ts';
import type { Judgement } from '../../../../lib/drill/validation.ts';
import { before } from '../../../fixtures/validated-drill.ts';
import { databases, sharedTrio } from './trio.ts';

const trio = sharedTrio();
const schemas = replicaSchema(databases, systemClock);
/** Long enough on any machine, for replicas that get there. */
const PATIENT = 'timeout: 20s, maximumLag: 5s';
/** For those that do not. */
const QUICK = 'timeout: 1500ms, maximumLag: 500ms';

afterEach(async () => {
  await trio.postgres.faults.resumeReplica();
  await trio.postgres.faults.repairReplica();
});

test('a standby whose replay is paused does not pass, and since when it has nothing new is told', async () => {
  const kept = await measured();
  await trio.postgres.faults.pauseReplica();
  await trio.run('primary', "INSERT INTO task_starts (release, is_bad) VALUES ('v4', false)");
  expect(await judged(kept, QUICK)).toEqual({
    verdict: 'failed',
    reason: expect.stringMatching(
      /^standby is [1-9]\d* bytes behind for 1s\d*m?s?, 500ms allowed \(its replay is paused\)(; its last change is of \d{4}-\S+Z)?$/,
    ),
    evidence: [],
  });
});

test('a standby whose replay is paused does not pass either while nothing is written', async () => {
  const kept = await measured();
  await trio.postgres.faults.pauseReplica();
  expect(await judged(kept, QUICK)).toMatchObject({
    verdict: 'failed',
    reason: expect.stringContaining('standby is 0 bytes behind'),
  });
});

test('a logical replica whose schema has drifted does not pass, and every difference is told', async () => {
  const kept = await measured();
  await trio.postgres.faults.driftReplica();
  expect(await judged(kept)).toEqual({
    verdict: 'failed',
    reason: 'reports differs in 2 objects from the primary',
    evidence: [
      'orders.gift (column): only on reports: boolean not null default false',
      'orders.orders_created_at_idx (index): only on the primary: CREATE INDEX orders_created_at_idx ON public.orders USING btree (created_at)',
    ],
  });
});

test('differences that the plan allows are none', async () => {
  const options = `${PATIENT}, ignore: [public.orders.gift, "index public.orders.*"]`;
  const kept = await measured(options);
  await trio.postgres.faults.driftReplica();
  expect(await judged(kept, options)).toMatchObject({ verdict: 'passed' });
});

test('a migration that was not undone does not pass, though the standby follows it', async () => {
  const kept = await measured();
  await trio.run('primary', 'ALTER TABLE task_starts ADD COLUMN promo text');
  await trio.run('replica', 'ALTER TABLE task_starts ADD COLUMN promo text').catch(() => {});
  const judgement = await judged(kept);
  await trio.run('primary', 'ALTER TABLE task_starts DROP COLUMN promo');
  await trio.run('replica', 'ALTER TABLE task_starts DROP COLUMN promo').catch(() => {});
  expect(judgement).toMatchObject({
    verdict: 'failed',
    reason: expect.stringContaining('the primary differs in 1 object from before the drill'),
    evidence: expect.arrayContaining(['task_starts.promo (column): new since before the drill: text null']),
  });
  expect(await judged(kept)).toMatchObject({ verdict: 'passed' });
});

test('a replica that cannot be reached proves nothing', async () => {
  const kept = await measured();
  await trio.postgres.faults.stop('standby');
  const judgement = await judged(kept);
  const refused = trio.drillWith('replica-schema', PATIENT);
  await expect(
    schemas.before?.(refused.validation, refused.drill, AbortSignal.timeout(5_000)),
  ).rejects.toThrow('connection refused');
  await trio.postgres.faults.start('standby');
  expect(judgement).toMatchObject({
    verdict: 'unknown',
    reason: 'standby could not be read: connection refused (ECONNREFUSED)',
    gaps: [
      {
        message: 'replica standby was not there to be checked',
        evidence: 'connection refused (ECONNREFUSED)',
      },
      { evidence: expect.stringMatching(/^replication slot \w+ is not active$/) },
    ],
  });
});

test('a primary that is itself a standby, and a standby that takes writes, do not pass', async () => {
  const kept = await measured();
  const { ports } = trio.postgres;
  expect(await judged(kept, PATIENT, { port: ports.standby, replicas: [] })).toMatchObject({
    verdict: 'failed',
    reason: 'the primary is a standby: it replays the changes of another server',
  });
  const itself = [{ name: 'reader', host: '127.0.0.1', port: ports.primary, kind: 'physical' }];
  expect(await judged(kept, PATIENT, { replicas: itself })).toMatchObject({
    verdict: 'failed',
    reason: expect.stringContaining('reader is no standby: it takes writes of its own'),
  });
});

test('replicas that the plan does not name are gaps', async () => {
  const kept = await measured();
  expect(await judged(kept, PATIENT, { replicas: [] })).toMatchObject({
    verdict: 'passed',
    gaps: [
      { code: 'missing-replica', evidence: expect.stringMatching(/^1 \(\w+\) > 0 named in the plan$/) },
      { code: 'missing-replica', evidence: expect.stringMatching(/^1 \(\w+\) > 0 named in the plan$/) },
    ],
  });
});

test('without what was measured before, nothing is proven', async () => {
  expect(await judged(undefined)).toMatchObject({
    verdict: 'unknown',
    reason: 'the schema of before the drill is not known',
  });
});

test('an untouched trio passes, while it is written to', async () => {
  const kept = await measured();
  await trio.run('primary', "INSERT INTO task_starts (release, is_bad) VALUES ('v4', false)");
  const { verdict, reason, gaps } = await judged(kept);
  expect(reason).toMatch(
    /^the primary has the schema of before the drill \(\d+ objects, [0-9a-f]{12}\); standby caught up after \d+ ms ≤ 5s allowed; standby has the schema of the primary; reports caught up after \d+ ms ≤ 5s allowed; reports has the schema of the primary$/,
  );
  expect(verdict).toBe('passed');
  expect(gaps).toBeUndefined();
});

async function measured(options = PATIENT): Promise<unknown> {
  const { drill, validation } = trio.drillWith('replica-schema', options);
  const found = await schemas.before?.(validation, drill, AbortSignal.timeout(30_000));
  return JSON.parse(JSON.stringify(found));
}

async function judged(kept: unknown, options = PATIENT, changes = {}): Promise<Judgement> {
  const journal = kept === undefined ? [] : [before(kept)];
  const { drill, validation } = trio.drillWith('replica-schema', options, journal, changes);
  return schemas.judge(validation, drill, AbortSignal.timeout(30_000));
}
