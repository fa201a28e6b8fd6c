import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { SecretReference } from '../../drill/plan/secret.ts';
import type { SecretFound, Secrets } from '../../ports/validations.ts';

interface Clients {
  readonly secretsManager: SecretsManagerClient;
  readonly ssm: SSMClient;
}

const LONGEST_SECRET = 8192;
/** Shorter ones could not be told from the words around them when they are masked. */
const SHORTEST_SECRET = 4;

/** The current version of a secret in Secrets Manager or of a parameter. No reason tells anything of the value. */
export function awsSecrets(clients: Clients): Secrets {
  return async (secret, signal) => {
    try {
      const text = await read(clients, secret, signal);
      return valueIn(text, secret);
    } catch (error) {
      return missing(`${placeOf(secret)} cannot be read: ${(error as Error).name}`);
    }
  };
}

async function read(
  { secretsManager, ssm }: Clients,
  { kind, id }: SecretReference,
  abortSignal: AbortSignal,
): Promise<string | undefined> {
  if (kind === 'secrets-manager') {
    const { SecretString } = await secretsManager.send(new GetSecretValueCommand({ SecretId: id }), {
      abortSignal,
    });
    return SecretString;
  }
  const command = new GetParameterCommand({ Name: id, WithDecryption: true });
  return (await ssm.send(command, { abortSignal })).Parameter?.Value;
}

function valueIn(text: string | undefined, secret: SecretReference): SecretFound {
  if (text === undefined) return missing(`${placeOf(secret)} holds no text`);
  const value = secret.key === undefined ? text : memberOf(text, secret.key);
  if (value === undefined) return missing(`${placeOf(secret)} has no text at the key ${secret.key}`);
  const isRight = value.length >= SHORTEST_SECRET && value.length <= LONGEST_SECRET;
  if (isRight) return { kind: 'found', value };
  return missing(
    `${placeOf(secret)} has ${value.length} characters; allowed are ${SHORTEST_SECRET} to ${LONGEST_SECRET}`,
  );
}

function memberOf(text: string, key: string): string | undefined {
  try {
    const document: unknown = JSON.parse(text);
    if (typeof document !== 'object' || document === null || !Object.hasOwn(document, key)) return undefined;
    const value: unknown = Reflect.get(document, key);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  } catch {
    return undefined;
  }
}

function placeOf({ kind, id }: SecretReference): string {
  return `${kind === 'secrets-manager' ? 'the secret' : 'the parameter'} ${id}`;
}

function missing(reason: string): SecretFound {
  return { kind: 'missing', reason };
}
