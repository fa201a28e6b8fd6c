import { DescribeSecretCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DescribeParametersCommand, type SSMClient } from '@aws-sdk/client-ssm';

/**
 * Which version a task that is started now would get, of what `valueFrom` of a task definition names. No value is read.
 * Throws when it cannot be told.
 */
export type SecretVersions = (valueFrom: string) => Promise<string>;

/** How the version of what is not there begins. */
export const NOTHING = 'none';

interface Clients {
  readonly secretsManagerIn: (region: string | undefined) => SecretsManagerClient;
  readonly ssmIn: (region: string | undefined) => SSMClient;
}

/** What is referred to by its ARN may lie in another Region. */
export function awsSecretVersions(clients: Clients): SecretVersions {
  const secretsManagerIn = remembered(clients.secretsManagerIn);
  const ssmIn = remembered(clients.ssmIn);
  return async (valueFrom) => {
    const parts = valueFrom.split(':');
    if (parts[2] === 'secretsmanager') return versionOfSecret(secretsManagerIn(parts[3]), parts);
    const region = parts[2] === 'ssm' ? parts[3] : undefined;
    return versionOfParameter(ssmIn(region), parts[2] === 'ssm' ? parts.slice(5) : parts);
  };
}

const CURRENT = 'AWSCURRENT';

/** `arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME[:KEY[:STAGE[:VERSION]]]` */
async function versionOfSecret(client: SecretsManagerClient, parts: readonly string[]): Promise<string> {
  const [, , , , , , , , stage, version] = parts;
  if (version) return version;
  const SecretId = parts.slice(0, 7).join(':');
  try {
    const { VersionIdsToStages = {}, DeletedDate } = await client.send(
      new DescribeSecretCommand({ SecretId }),
    );
    const wanted = stage || CURRENT;
    const id = Object.entries(VersionIdsToStages).find(([, stages]) => stages.includes(wanted))?.[0];
    if (DeletedDate) return `${NOTHING}: it is deleted`;
    return id ?? `${NOTHING}: no version is ${wanted}`;
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return `${NOTHING}: it is not there`;
    throw error;
  }
}

/** `NAME[:VERSION]`, and behind an ARN `parameter/NAME[:VERSION]`: whether the name began with a slash is lost there. */
async function versionOfParameter(
  client: SSMClient,
  [path = '', version]: readonly string[],
): Promise<string> {
  if (version) return version;
  const name = path.replace(/^parameter\//, '');
  const Values = name === path ? [name] : [name, `/${name}`].filter((one) => isName(one));
  const filter = { Key: 'Name', Option: 'Equals', Values };
  const { Parameters = [] } = await client.send(
    new DescribeParametersCommand({ ParameterFilters: [filter] }),
  );
  const found = Parameters.map((parameter) => parameter.Version).filter((one) => one !== undefined);
  if (found.length > 1) throw new Error(`both ${Values.join(' and ')} are parameters`);
  return found[0] === undefined ? `${NOTHING}: it is not there` : String(found[0]);
}

/** A name of several levels begins with a slash. */
function isName(name: string): boolean {
  return name.startsWith('/') || !name.includes('/');
}

function remembered<Client>(make: (region: string | undefined) => Client) {
  const clients = new Map<string | undefined, Client>();
  return (region: string | undefined): Client => {
    const client = clients.get(region) ?? make(region);
    clients.set(region, client);
    return client;
  };
}
