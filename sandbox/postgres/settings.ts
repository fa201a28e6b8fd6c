import { join } from 'node:path';

/** One of the three servers, and the name of its directory. */
export type Role = 'primary' | 'standby' | 'replica';

export const DATABASE = 'shop';

/** Who may log in. The superuser's password is in a file of the servers' user. */
export const ACCOUNTS = {
  shop: { user: 'shop', password: 'sells-in-the-sandbox' },
  reader: { user: 'drill_reader', password: 'reads-in-the-sandbox' },
} as const;

export const SUPERUSER = 'postgres';
export const PASSWORD_FILE = 'superuser';
/** Where the other two find the primary. libpq reads it at every connection, so the primary may move. */
export const SERVICE_FILE = 'pg_service.conf';
export const PRIMARY_SERVICE = `service=primary user=${SUPERUSER}`;
export const STANDBY_SLOT = 'standby';

/** Safe against SIGKILL, not against power loss. A standby must not have less of anything than the primary. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  full_page_writes: 'off',
  wal_level: 'logical',
  max_connections: '200',
  shared_buffers: '16MB',
  min_wal_size: '2MB',
  max_wal_size: '64MB',
  max_slot_wal_keep_size: '256MB',
  wal_retrieve_retry_interval: '100ms',
  io_method: 'sync',
  jit: 'off',
  huge_pages: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

const STANDBY_SETTINGS = {
  primary_conninfo: `${PRIMARY_SERVICE} application_name=standby`,
  primary_slot_name: STANDBY_SLOT,
};

/** The arguments of one server, but for its port. */
export function serverArguments(base: string, role: Role): readonly string[] {
  const settings = { ...SETTINGS, cluster_name: role, ...(role === 'standby' ? STANDBY_SETTINGS : {}) };
  return [
    '-D',
    join(base, role),
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
}

export function serverUrl(
  port: number,
  account: { readonly user: string; readonly password: string },
): string {
  const { user, password } = account;
  return `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${DATABASE}`;
}
