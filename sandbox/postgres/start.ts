import { join } from 'node:path';
import type { Truth } from '../truth.ts';
import { postgresBinaries } from './binaries.ts';
import { dataDirectory } from './data-directory.ts';
import { type DatabaseFaults, databaseFaults } from './faults.ts';
import { passwordIn, tellWherePrimaryIs } from './files.ts';
import { freePorts } from './ports.ts';
import { type Server, type ServerOptions, startServer } from './server.ts';
import { DATABASE, type Role } from './settings.ts';
import { serverUser } from './user.ts';

/** Ports of the servers. */
export type DatabasePorts = Readonly<Record<Role, number>>;

/** The shop's database: a primary, its streaming standby, and a logical replica for reports. */
export interface Postgres {
  /** Without credentials, as the other two: see `ACCOUNTS`. */
  readonly primaryUrl: string;
  readonly standbyUrl: string;
  readonly replicaUrl: string;
  readonly ports: DatabasePorts;
  readonly faults: DatabaseFaults;
  close(): Promise<void>;
}

export interface PostgresOptions {
  /** Of the sandbox: what survives is kept below it, or where the servers' user gets to. */
  readonly directory: string;
  readonly truth: Truth;
  /** Those of the last time; others are taken when one of them is in use. */
  readonly ports?: DatabasePorts | undefined;
}

type Trio = Record<Role, Server>;
type Common = Pick<ServerOptions, 'binaries' | 'user' | 'base'>;

const MOST_STARTS = 3;

/** Starts the three servers, each as a process of its own that ends with this one. */
export async function startPostgres({ directory, truth, ports }: PostgresOptions): Promise<Postgres> {
  const user = serverUser();
  const binaries = postgresBinaries(user);
  const base = await dataDirectory(directory, binaries, user);
  const common = { binaries, user, base };
  const logFile = (role: Role): string => join(directory, 'logs', 'postgres', `${role}.log`);
  const trio = await startTrio(common, logFile, ports);
  const bound = { primary: trio.primary.port, standby: trio.standby.port, replica: trio.replica.port };
  const url = (role: Role): string => `postgres://127.0.0.1:${bound[role]}/${DATABASE}`;
  const faults = databaseFaults({
    ports: bound,
    superuserPassword: passwordIn(base),
    truth,
    stop: (role) => trio[role].stop(),
    start: async (role) => {
      trio[role] = await startServer({ ...common, role, port: bound[role], logFile: logFile(role) });
    },
  });
  return {
    primaryUrl: url('primary'),
    standbyUrl: url('standby'),
    replicaUrl: url('replica'),
    ports: bound,
    faults,
    close: () => stopTrio(Object.values(trio)),
  };
}

/** A port that was free a moment ago may be somebody else's now. */
async function startTrio(
  common: Common,
  logFile: (role: Role) => string,
  usual?: DatabasePorts,
): Promise<Trio> {
  for (let attempt = usual ? 0 : 1; ; attempt += 1) {
    const ports = attempt === 0 && usual ? usual : await anyPorts();
    tellWherePrimaryIs(common.base, ports.primary, common.user);
    const start = (role: Role) => startServer({ ...common, role, port: ports[role], logFile: logFile(role) });
    const started = await Promise.allSettled([start('primary'), start('standby'), start('replica')]);
    const [primary, standby, replica] = started.map((each) =>
      each.status === 'fulfilled' ? each.value : undefined,
    );
    if (primary && standby && replica) return { primary, standby, replica };
    await stopTrio([primary, standby, replica].filter((server) => server !== undefined));
    const failed = started.find((each) => each.status === 'rejected');
    if (attempt === MOST_STARTS || !/Address already in use/.test(String(failed?.reason)))
      throw failed?.reason;
  }
}

async function anyPorts(): Promise<DatabasePorts> {
  const [primary = 0, standby = 0, replica = 0] = await freePorts(3);
  return { primary, standby, replica };
}

async function stopTrio(servers: readonly Server[]): Promise<void> {
  await Promise.all(servers.map((server) => server.stop()));
}
