import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { clientSettings } from '../aws/client-settings.ts';
import { CLUSTER, SERVICE, TASKS } from './infrastructure.ts';
import { MAIL_KEY_SECRET } from './secrets.ts';

type Environment = Readonly<Record<string, string>>;

/* What somebody does to the shop by hand while something else goes on, by the same API that anybody would use. */

export async function scaleShop(environment: Environment): Promise<void> {
  const ecs = new ECSClient(clientSettings(environment));
  const service = { cluster: CLUSTER, service: SERVICE, desiredCount: TASKS + 1 };
  await ecs.send(new UpdateServiceCommand(service)).finally(() => ecs.destroy());
}

export async function moveMailKey(environment: Environment): Promise<void> {
  const client = new SecretsManagerClient(clientSettings(environment));
  const moved = { SecretId: MAIL_KEY_SECRET, SecretString: crypto.randomUUID() };
  await client.send(new PutSecretValueCommand(moved)).finally(() => client.destroy());
}
