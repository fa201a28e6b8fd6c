import type { Endpoint } from '../../../sandbox/aws/protocol.ts';
import { disagreements, isKnownError } from './sdk-model.ts';

export interface JudgedWire {
  readonly endpoint: Endpoint;
  /** Every operation that was called and answered well. */
  readonly operations: ReadonlySet<string>;
  /** What did not agree with the model of the SDK. */
  readonly wrong: readonly string[];
}

/** Everything that goes over the wire is held against what the SDK itself knows of it. */
export function judgedWire(inner: Endpoint): JudgedWire {
  const operations = new Set<string>();
  const wrong: string[] = [];
  return {
    operations,
    wrong,
    async endpoint(request) {
      const response = await inner(request);
      const operation = (request.headers['x-amz-target'] ?? '').split('.').at(-1) ?? '';
      const body: unknown = JSON.parse(String(response.body));
      const code = response.headers?.['x-amzn-errortype'];
      if (code === undefined) {
        operations.add(operation);
        wrong.push(...disagreements(operation, 'request', JSON.parse(request.body.toString())));
        wrong.push(...disagreements(operation, 'response', body));
      } else if (!isKnownError(code)) wrong.push(`${operation} answers ${code}, which the SDK does not know`);
      return response;
    },
  };
}
