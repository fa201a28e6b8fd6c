import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { clientSettings } from '../aws/client-settings.ts';
import { ACCOUNTS } from '../postgres/settings.ts';

const DATABASE_SECRET = 'shop/database';

/** Who may read the shop's database, for checks: `{username, password}`. A secret that is there already stays as it is. */
export async function putDatabaseSecret(environment: Readonly<Record<string, string>>): Promise<void> {
  const client = new SecretsManagerClient(clientSettings(environment));
  const { user, password } = ACCOUNTS.reader;
  const SecretString = JSON.stringify({ username: user, password });
  try {
    await client.send(new CreateSecretCommand({ Name: DATABASE_SECRET, SecretString }));
  } catch (error) {
    if ((error as Error).name !== 'ResourceExistsException') throw error;
  } finally {
    client.destroy();
  }
}
