import { readFileSync } from 'node:fs';

/** Whom the servers run as and their files belong to. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

const CANDIDATES = ['postgres', 'nobody'];

/** PostgreSQL refuses to run as root. `undefined` for anybody else: the servers then run as who started the sandbox. */
export function serverUser(
  uid = process.getuid?.(),
  accounts = (): string => readFileSync('/etc/passwd', 'utf8'),
): ServerUser | undefined {
  if (uid !== 0) return undefined;
  const known = new Map(accounts().split('\n').map(parseAccount));
  const name = CANDIDATES.find((candidate) => known.has(candidate));
  const user = name === undefined ? undefined : known.get(name);
  if (user) return user;
  throw new Error(
    `PostgreSQL refuses to run as root, and there is no user ${CANDIDATES.join(' or ')} in /etc/passwd: ` +
      'add one of them, or start the sandbox as an ordinary user.',
  );
}

function parseAccount(line: string): readonly [name: string, user: ServerUser] {
  const [name = '', , uid, gid] = line.split(':');
  return [name, { uid: Number(uid), gid: Number(gid) }];
}
