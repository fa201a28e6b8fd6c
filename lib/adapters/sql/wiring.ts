import { rdsSigner } from '../aws/clients.ts';
import { secrets } from '../aws/wiring/measures.ts';
import { type Databases, sqlDatabases } from './databases.ts';

/* Apart from the other ports, because the client of PostgreSQL would get into the bundle of every handler. */

export function databases(): Databases {
  return sqlDatabases(secrets(), ({ host, port }, username) =>
    rdsSigner({ hostname: host, port, username }).getAuthToken(),
  );
}
