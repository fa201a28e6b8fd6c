import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import type { Binaries } from './binaries.ts';
import { copyOf, passwordIn, tellWherePrimaryIs, writePrivate } from './files.ts';
import { freePorts } from './ports.ts';
import { type Server, startServer } from './server.ts';
import {
  ACCOUNTS,
  DATABASE,
  PASSWORD_FILE,
  PRIMARY_SERVICE,
  type Role,
  STANDBY_SLOT,
  SUPERUSER,
} from './settings.ts';
import type { ServerUser } from './user.ts';

interface Template {
  readonly binaries: Binaries;
  readonly user: ServerUser | undefined;
  /** An empty directory. */
  readonly base: string;
  /** SQL that the shop's own role runs, in this order. */
  readonly migrations: readonly string[];
}

const LOG_FILE = 'template.log';
const INITDB_TIMEOUT_MS = 60_000;
const IN_STEP_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 20;

/** Leaves three servers behind that have been shut down: each finds the others again when it is started. */
export async function buildTemplate(template: Template): Promise<void> {
  const { base, user } = template;
  writePrivate(join(base, PASSWORD_FILE), crypto.randomUUID(), user);
  await initialise(template);
  await whileUp(template, ['primary'], ([primary]) => setUp(template, primary));
  for (const role of ['standby', 'replica'] as const) {
    await copyOf(join(base, 'primary'), join(base, role), user);
    rmSync(join(base, role, 'pg_replslot', STANDBY_SLOT), { recursive: true });
  }
  writePrivate(join(base, 'standby/standby.signal'), '', user);
  await whileUp(template, ['primary', 'standby', 'replica'], ([primary, , replica]) =>
    subscribe(template, primary, replica),
  );
  rmSync(join(base, LOG_FILE));
}

async function initialise({ binaries, user, base }: Template): Promise<void> {
  const settings = [
    ['--username', SUPERUSER],
    ['--pwfile', join(base, PASSWORD_FILE)],
    ['--auth', 'scram-sha-256'],
    ['--encoding', 'UTF8'],
    ['--locale', 'C'],
    // Small files: they are copied for every sandbox.
    ['--wal-segsize', '1'],
    ['--no-sync'],
    ['--no-instructions'],
  ];
  await promisify(execFile)(binaries.initdb, ['-D', join(base, 'primary'), ...settings.flat()], {
    ...user,
    cwd: base,
    timeout: INITDB_TIMEOUT_MS,
  });
}

async function setUp(template: Template, primary: Server | undefined): Promise<void> {
  const { shop, reader } = ACCOUNTS;
  await runIn(superuserAt(template, primary, 'template1'), [
    `ALTER DATABASE ${SUPERUSER} RENAME TO ${DATABASE}`,
  ]);
  await runIn(superuserAt(template, primary), [
    `CREATE ROLE ${shop.user} LOGIN PASSWORD '${shop.password}'`,
    `CREATE ROLE ${reader.user} LOGIN PASSWORD '${reader.password}' IN ROLE pg_monitor`,
    `ALTER DATABASE ${DATABASE} OWNER TO ${shop.user}`,
    `ALTER DEFAULT PRIVILEGES FOR ROLE ${shop.user} GRANT SELECT ON TABLES TO ${reader.user}`,
    // Nobody makes another database, and two less are half as much to copy.
    'ALTER DATABASE template0 IS_TEMPLATE false',
    'ALTER DATABASE template1 IS_TEMPLATE false',
    'DROP DATABASE template0',
    'DROP DATABASE template1',
  ]);
  await runIn(clientAt(primary, shop), template.migrations);
  await runIn(superuserAt(template, primary), [
    `SELECT pg_create_physical_replication_slot('${STANDBY_SLOT}', true)`,
  ]);
}

/** Ends when the standby streams and the replica has what the primary has. */
async function subscribe(
  template: Template,
  primary: Server | undefined,
  replica: Server | undefined,
): Promise<void> {
  await runIn(superuserAt(template, replica), [
    `CREATE SUBSCRIPTION shop CONNECTION '${PRIMARY_SERVICE}' PUBLICATION shop`,
  ]);
  await until(
    superuserAt(template, primary),
    "SELECT count(*) = 2 AS holds FROM pg_stat_replication WHERE state = 'streaming'",
  );
  await until(
    superuserAt(template, replica),
    "SELECT bool_and(srsubstate = 'r') AS holds FROM pg_subscription_rel",
  );
}

async function until(client: pg.Client, condition: string): Promise<void> {
  const deadline = Date.now() + IN_STEP_WITHIN_MS;
  await client.connect();
  try {
    while (!(await client.query<{ holds: boolean }>(condition)).rows[0]?.holds) {
      if (Date.now() > deadline)
        throw new Error(`It did not come to this in ${IN_STEP_WITHIN_MS} ms: ${condition}`);
      await sleep(LOOK_EVERY_MS);
    }
  } finally {
    await client.end();
  }
}

async function runIn(client: pg.Client, statements: readonly string[]): Promise<void> {
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

function superuserAt({ base }: Template, server: Server | undefined, database?: string): pg.Client {
  return clientAt(server, { user: SUPERUSER, password: passwordIn(base) }, database);
}

function clientAt(
  server: Server | undefined,
  { user, password }: { readonly user: string; readonly password: string },
  database: string = DATABASE,
): pg.Client {
  return new pg.Client({ host: '127.0.0.1', port: server?.port, user, password, database });
}

async function whileUp(
  { binaries, user, base }: Template,
  roles: readonly Role[],
  act: (servers: readonly Server[]) => Promise<void>,
): Promise<void> {
  const ports = await freePorts(roles.length);
  tellWherePrimaryIs(base, ports[0] ?? 0, user);
  const options = { binaries, user, base, logFile: join(base, LOG_FILE) };
  const servers: Server[] = [];
  try {
    for (const [index, role] of roles.entries())
      servers.push(await startServer({ ...options, role, port: ports[index] ?? 0 }));
    await act(servers);
  } finally {
    // The primary goes last, so that the others have everything.
    for (const server of servers.reverse()) await server.stop();
  }
}
