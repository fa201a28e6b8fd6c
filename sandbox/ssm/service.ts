import { type Endpoint, jsonEndpoint } from '../aws/protocol.ts';
import { documentOperations } from './documents.ts';
import { parameterOperations } from './parameters.ts';

export interface Ssm {
  readonly endpoint: Endpoint;
}

/** Parameter Store and Change Calendar. Both survive restarts in `directory`. */
export function startSsm(options: { readonly directory: string; readonly now?: () => number }): Ssm {
  const { directory, now = Date.now } = options;
  const operations = { ...parameterOperations(directory, now), ...documentOperations(directory, now) };
  return { endpoint: jsonEndpoint(operations, '1.1') };
}
