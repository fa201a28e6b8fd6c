import { type Endpoint, jsonEndpoint } from '../aws/protocol.ts';
import { secretOperations } from './secret-operations.ts';
import { openSecrets } from './secrets.ts';
import { valueOperations } from './value-operations.ts';

export interface SecretsManager {
  readonly endpoint: Endpoint;
}

/** Secrets and their versions. They survive restarts in `directory`, readable for the user who runs the sandbox. */
export function startSecretsManager(options: {
  readonly directory: string;
  readonly now?: () => number;
}): SecretsManager {
  const { directory, now = Date.now } = options;
  const secrets = openSecrets(directory, now);
  const operations = { ...secretOperations(secrets, now), ...valueOperations(secrets, now) };
  return { endpoint: jsonEndpoint(operations, '1.1') };
}
