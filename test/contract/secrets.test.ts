import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import * as clients from '../../lib/adapters/aws/clients.ts';
import { awsSecrets } from '../../lib/adapters/aws/secrets.ts';
import type { SecretReference } from '../../lib/drill/plan/secret.ts';
import type { Secrets } from '../../lib/ports/validations.ts';
import { startGateway } from '../../sandbox/aws/gateway.ts';
import { startSecretsManager } from '../../sandbox/secretsmanager/service.ts';
import { startSsm } from '../../sandbox/ssm/service.ts';
import { environmentFor } from '../../sandbox/stores.ts';
import { memorySecrets } from '../fixtures/memory/secrets.ts';

const { signal } = new AbortController();
const robot: SecretReference = { kind: 'secrets-manager', id: 'shop/robot' };

interface World {
  readonly secrets: Secrets;
  close(): Promise<void>;
}

describe.each([
  ['AWS', onAws],
  ['memory', inMemory],
])('secrets: %s', (_, open) => {
  let world: World;

  beforeEach(async () => {
    world = await open();
  });

  afterEach(() => world.close());

  test.each<SecretReference>([
    { kind: 'secrets-manager', id: 'shop/nobody' },
    { kind: 'ssm-parameter', id: '/shop/nobody' },
    { ...robot, key: 'absent' },
  ])('one that is not there is missing, and named: %j', async (secret) => {
    const found = await world.secrets(secret, signal);
    expect(found).toMatchObject({ kind: 'missing', reason: expect.stringContaining(secret.id) });
    expect(JSON.stringify(found)).not.toContain('l0velace');
  });

  test.each<[SecretReference, string]>([
    [{ ...robot, key: 'password' }, 'l0velace'],
    [{ kind: 'secrets-manager', id: 'shop/text' }, 'plain text'],
    [{ kind: 'ssm-parameter', id: '/shop/key' }, 'k3y-of-the-shop'],
  ])('%j is found', async (secret, value) =>
    expect(await world.secrets(secret, signal)).toEqual({ kind: 'found', value }),
  );
});

describe('secrets on AWS', () => {
  test('what is too short to be masked, or is no text, is not used', async () => {
    const world = await onAws({ 'shop/short': 'abc', 'shop/list': '[["password"]]' });
    const read = (id: string, key?: string) =>
      world.secrets({ kind: 'secrets-manager', id, ...(key === undefined ? {} : { key }) }, signal);
    expect(await read('shop/short')).toEqual({
      kind: 'missing',
      reason: 'the secret shop/short has 3 characters; allowed are 4 to 8192',
    });
    expect(await read('shop/list', '0')).toMatchObject({ kind: 'missing' });
    expect(await read('shop/text', 'key')).toEqual({
      kind: 'missing',
      reason: 'the secret shop/text has no text at the key key',
    });
    await world.close();
  });
});

async function inMemory(): Promise<World> {
  const values = {
    'shop/robot': { password: 'l0velace' },
    'shop/text': 'plain text',
    '/shop/key': 'k3y-of-the-shop',
  };
  return { secrets: memorySecrets(values), close: async () => {} };
}

async function onAws(more: Readonly<Record<string, string>> = {}): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'secrets-'));
  const gateway = await startGateway({
    secretsmanager: startSecretsManager({ directory: join(directory, 'secretsmanager') }).endpoint,
    ssm: startSsm({ directory: join(directory, 'ssm') }).endpoint,
  });
  for (const [name, value] of Object.entries(environmentFor(gateway.url))) vi.stubEnv(name, value);
  const [secretsManager, ssm] = [clients.secretsManager(), clients.ssm()];
  const values = { 'shop/robot': '{"password":"l0velace"}', 'shop/text': 'plain text', ...more };
  for (const [Name, SecretString] of Object.entries(values))
    await secretsManager.send(new CreateSecretCommand({ Name, SecretString }));
  await ssm.send(new PutParameterCommand({ Name: '/shop/key', Type: 'String', Value: 'k3y-of-the-shop' }));
  return {
    secrets: awsSecrets({ secretsManager, ssm }),
    async close() {
      secretsManager.destroy();
      ssm.destroy();
      await gateway.close();
      await rm(directory, { recursive: true, force: true });
      vi.unstubAllEnvs();
    },
  };
}
