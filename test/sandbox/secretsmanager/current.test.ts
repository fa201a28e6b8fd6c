import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { expect, test } from 'vitest';
import { startGateway } from '../../../sandbox/aws/gateway.ts';
import { startSecretsManager } from '../../../sandbox/secretsmanager/service.ts';

test('tasks get the current value of a secret, or of one member of it, and nothing of what is not there', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'secrets-'));
  const { endpoint, current } = startSecretsManager({ directory });
  const gateway = await startGateway({ secretsmanager: endpoint });
  const credentials = { accessKeyId: 'x', secretAccessKey: 'y' };
  const client = new SecretsManagerClient({ endpoint: gateway.url, region: 'us-east-1', credentials });
  try {
    const SecretString = JSON.stringify({ key: 'first', port: 5432 });
    const { ARN = '' } = await client.send(new CreateSecretCommand({ Name: 'payment', SecretString }));
    await client.send(new PutSecretValueCommand({ SecretId: ARN, SecretString: '{"key":"second"}' }));
    expect(current('payment')).toBe('{"key":"second"}');
    expect(current(ARN)).toBe('{"key":"second"}');
    expect(current(`${ARN}:key::`)).toBe('second');
    expect([current(`${ARN}:port::`), current('another'), current(`${ARN}x`)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  } finally {
    client.destroy();
    await gateway.close();
    rmSync(directory, { recursive: true, force: true });
  }
});
