import {
  CreateSecretCommand,
  DescribeSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { clientSettings } from '../aws/client-settings.ts';
import { ACCOUNTS } from '../postgres/settings.ts';

export const MAIL_KEY_SECRET = 'shop/mail-key';
const DATABASE_SECRET = 'shop/database';

/**
 * Who may read the shop's database, for checks: `{username, password}`; and what tasks get as MAIL_KEY, of which the ARN is
 * answered. A secret that is there already stays as it is.
 */
export async function putShopSecrets(environment: Readonly<Record<string, string>>): Promise<string> {
  const client = new SecretsManagerClient(clientSettings(environment));
  const { user, password } = ACCOUNTS.reader;
  try {
    await put(client, DATABASE_SECRET, JSON.stringify({ username: user, password }));
    await put(client, MAIL_KEY_SECRET, 'sends-nothing-but-mails-of-the-sandbox');
    const { ARN = '' } = await client.send(new DescribeSecretCommand({ SecretId: MAIL_KEY_SECRET }));
    return ARN;
  } finally {
    client.destroy();
  }
}

async function put(client: SecretsManagerClient, Name: string, SecretString: string): Promise<void> {
  await client.send(new CreateSecretCommand({ Name, SecretString })).catch((error: Error) => {
    if (error.name !== 'ResourceExistsException') throw error;
  });
}
