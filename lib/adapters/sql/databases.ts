import type { Database } from '../../drill/plan/plan.ts';
import type { Secrets } from '../../ports/validations.ts';
import { postgres } from './postgres/postgres.ts';
import type { Account, Dialect, Server, Session } from './session.ts';
import { DatabaseTrouble } from './trouble.ts';

/** Opens a session on one server of a database. Throws a DatabaseTrouble. */
export type Databases = (database: Database, server: Server, signal: AbortSignal) => Promise<Session>;

/** A token with which IAM lets a user in for 15 minutes; it is the password then. */
export type Tokens = (server: Server, user: string) => Promise<string>;

const DIALECTS: Readonly<Record<Database['dialect'], Dialect>> = { postgres };

export function sqlDatabases(secrets: Secrets, tokens: Tokens): Databases {
  return async (database, server, signal) => {
    const { dialect, tls } = database;
    const account = await accountFor(database, server, { secrets, tokens, signal });
    return DIALECTS[dialect].connect({ ...server, ...account, database: database.database, tls, signal });
  };
}

interface Sources {
  readonly secrets: Secrets;
  readonly tokens: Tokens;
  readonly signal: AbortSignal;
}

async function accountFor(
  { credentials }: Database,
  server: Server,
  { secrets, tokens, signal }: Sources,
): Promise<Account> {
  switch (credentials.kind) {
    case 'plain':
      return credentials;
    case 'iam':
      return { user: credentials.user, password: await tokenOf(tokens, server, credentials.user) };
    case 'secret': {
      const found = await secrets({ kind: 'secrets-manager', id: credentials.id }, signal);
      if (found.kind === 'missing') throw new DatabaseTrouble(found.reason);
      return accountIn(found.value, credentials.id);
    }
    default:
      return credentials satisfies never;
  }
}

async function tokenOf(tokens: Tokens, server: Server, user: string): Promise<string> {
  try {
    return await tokens(server, user);
  } catch (error) {
    throw new DatabaseTrouble(`no token of IAM could be made for ${user}: ${(error as Error).name}`);
  }
}

/** As RDS and its rotation write it. The parser's message would show the text. */
function accountIn(text: string, id: string): Account {
  const document = parsed(text);
  if (typeof document === 'object' && document !== null) {
    const { username: user, password } = document as { username?: unknown; password?: unknown };
    if (typeof user === 'string' && typeof password === 'string') return { user, password };
  }
  throw new DatabaseTrouble(`the secret ${id} must be a JSON mapping with the texts username and password`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
