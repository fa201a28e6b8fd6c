import { expect, test } from 'vitest';
import { checkReady } from '../../../../lib/adapters/sql/readiness.ts';
import { ACCOUNTS } from '../../../../sandbox/postgres/settings.ts';
import { databases, sharedTrio } from './trio.ts';

const trio = sharedTrio();
const PATIENT = { longestTransactionMs: 60_000, longestLockWaitMs: 60_000 };

test('a drill is refused while a transaction is open for too long', async () => {
  const release = await trio.hold('primary', 'SELECT count(*) FROM orders');
  const refusal = refusalSoon({ ...PATIENT, longestTransactionMs: 1_000 });
  expect(await refusal).toMatch(
    /^GuardrailRefused: database shop: session \d+ \(\w+\) has a transaction open for 1s\d+ms > 1s allowed$/,
  );
  await release();
});

test('a drill is refused while somebody waits for a lock, also where the transaction is young', async () => {
  const release = await trio.hold('primary', 'LOCK TABLE orders IN ACCESS EXCLUSIVE MODE');
  const waiting = trio.run('primary', 'SELECT count(*) FROM orders');
  expect(await refusalSoon({ ...PATIENT, longestLockWaitMs: 50 })).toMatch(
    /^GuardrailRefused: database shop: session \d+ \(\w+\) waits for a lock for \d\S* > 50ms allowed$/,
  );
  await release();
  await waiting;
});

test('a drill is refused when its role may not look at the sessions of others', async () => {
  expect(await ready(PATIENT, { credentials: { plain: ACCOUNTS.shop } })).toMatch(
    /^GuardrailRefused: database shop: \d+ sessions may not be looked at, .* grant pg_read_all_stats/,
  );
});

test('a drill is refused where the standby of the plan is a server of its own, or the primary a standby', async () => {
  const { ports } = trio.postgres;
  const replicas = [{ name: 'reader', host: '127.0.0.1', port: ports.replica, kind: 'physical' }];
  expect(await ready(PATIENT, { replicas })).toContain('reader is no standby');
  expect(await ready(PATIENT, { port: ports.standby, replicas: [] })).toBe(
    'GuardrailRefused: database shop: primary is a standby (pg_is_in_recovery() is true); it must take writes',
  );
});

test('a server that cannot be reached is not ready, and that is no refusal of its state', async () => {
  expect(await ready(PATIENT, { port: 1 })).toBe('DatabaseTrouble: connection refused (ECONNREFUSED)');
});

test('the right servers on which nobody is held up are ready', async () => {
  expect(await ready(PATIENT)).toBe('ready');
});

async function ready(limits: typeof PATIENT, changes = {}): Promise<string> {
  const { drill } = trio.drillWith('replica-schema', 'required: true');
  const plan = { guardrails: { ...drill.plan.guardrails, databases: limits } };
  const database = trio.database(changes);
  return checkReady(databases, database, database.replicas, plan, AbortSignal.timeout(10_000)).then(
    () => 'ready',
    ({ name, message }: Error) => `${name}: ${message}`,
  );
}

/** Time must pass in the server before it refuses. */
async function refusalSoon(limits: typeof PATIENT): Promise<string> {
  for (let look = 0; look < 500; look++) {
    const told = await ready(limits);
    if (told !== 'ready') return told;
  }
  return 'ready after 500 looks';
}
