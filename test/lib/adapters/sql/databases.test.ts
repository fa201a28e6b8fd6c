import { expect, test } from 'vitest';
import { sqlDatabases } from '../../../../lib/adapters/sql/databases.ts';
import type { Secrets } from '../../../../lib/ports/validations.ts';
import { ACCOUNTS } from '../../../../sandbox/postgres/settings.ts';
import { sharedTrio } from './trio.ts';

const trio = sharedTrio();
const { reader } = ACCOUNTS;
const FROM_SECRET = { credentials: { secretsManager: 'shop/database' } };
const BY_TOKEN = { credentials: { iam: { user: reader.user } } };

test.each([
  [
    'that is missing',
    { kind: 'missing', reason: 'the secret shop/database cannot be read: AccessDenied' } as const,
    'the secret shop/database cannot be read: AccessDenied',
  ],
  ['that is no JSON', found('hush-hush-{'), 'must be a JSON mapping with the texts username and password'],
  [
    'without a password',
    found('{"username":"ana","passwort":"hush-hush"}'),
    'must be a JSON mapping with the texts',
  ],
  ['that is a list', found('["ana","hush-hush"]'), 'must be a JSON mapping with the texts'],
])('nobody logs in with a secret %s, and nothing of it is told', async (_, secret, reason) => {
  const trouble = await opened(async () => secret, FROM_SECRET).catch((error: Error) => error);
  expect(trouble).toMatchObject({ name: 'DatabaseTrouble', message: expect.stringContaining(reason) });
  expect(String(trouble)).not.toContain('hush');
});

test('a token that cannot be made is told without what it was made of', async () => {
  const broken = async () => {
    throw Object.assign(new Error('key hush-hush'), { name: 'CredentialsProviderError' });
  };
  const databases = sqlDatabases(async () => found(''), broken);
  const database = trio.database(BY_TOKEN);
  const opening = databases(database, database.primary, new AbortController().signal);
  await expect(opening).rejects.toThrow(
    `no token of IAM could be made for ${reader.user}: CredentialsProviderError`,
  );
});

test('a secret lets in who is named in it, as RDS writes it', async () => {
  const asked: unknown[] = [];
  const text = JSON.stringify({ engine: 'postgres', username: reader.user, password: reader.password });
  const session = await opened(async (secret) => {
    asked.push(secret);
    return found(text);
  }, FROM_SECRET);
  expect(await session.isReplica()).toBe(false);
  await session.end();
  expect(asked).toEqual([{ kind: 'secrets-manager', id: 'shop/database' }]);
});

test('a token is made for the server that is connected to, and is the password', async () => {
  const asked: unknown[] = [];
  const databases = sqlDatabases(
    async () => found(''),
    async (...request) => {
      asked.push(request);
      return reader.password;
    },
  );
  const database = trio.database(BY_TOKEN);
  const [standby] = database.replicas;
  if (!standby) throw new Error('the trio has a standby');
  const session = await databases(database, standby, new AbortController().signal);
  expect(await session.isReplica()).toBe(true);
  await session.end();
  expect(asked).toEqual([[standby, reader.user]]);
});

function opened(secrets: Secrets, changes: object) {
  const database = trio.database(changes);
  const databases = sqlDatabases(secrets, async () => 'no token');
  return databases(database, database.primary, new AbortController().signal);
}

function found(value: string) {
  return { kind: 'found', value } as const;
}
