import { type Endpoint, jsonEndpoint } from '../aws/protocol.ts';
import { secretOperations } from './secret-operations.ts';
import { openSecrets } from './secrets.ts';
import { valueOperations } from './value-operations.ts';
import { CURRENT } from './versions.ts';

export interface SecretsManager {
  readonly endpoint: Endpoint;
  /** The current text of a secret, by its name or ARN as ECS names it: a JSON key may follow an ARN. `undefined` when there is none. */
  current(valueFrom: string): string | undefined;
}

/** Secrets and their versions. They survive restarts in `directory`, readable for the user who runs the sandbox. */
export function startSecretsManager(options: {
  readonly directory: string;
  readonly now?: () => number;
}): SecretsManager {
  const { directory, now = Date.now } = options;
  const secrets = openSecrets(directory, now);
  const operations = { ...secretOperations(secrets, now), ...valueOperations(secrets, now) };
  return {
    endpoint: jsonEndpoint(operations, '1.1'),
    current(valueFrom) {
      const parts = valueFrom.split(':');
      const [id, key = ''] = valueFrom.startsWith('arn:')
        ? [parts.slice(0, 7).join(':'), parts[7]]
        : [valueFrom];
      const text = secrets.find(id)?.versions.find(({ stages }) => stages.includes(CURRENT))
        ?.value.SecretString;
      return key === '' || text === undefined ? text : memberOf(text, key);
    },
  };
}

function memberOf(json: string, key: string): string | undefined {
  try {
    const value: unknown = (JSON.parse(json) as Readonly<Record<string, unknown>>)[key];
    return value === undefined ? undefined : String(value);
  } catch {
    return undefined;
  }
}
