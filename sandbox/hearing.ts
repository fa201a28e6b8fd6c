import type { Endpoints } from './aws/gateway.ts';
import { operationOf } from './faults/operation.ts';
import { SERVICE_NAMES, wireOf } from './faults/services.ts';

/** Hears of a call before it is answered: the service as IAM names it, and the operation of its API. */
export type Hear = (service: string, operation: string) => void;

/** The same endpoints, with somebody who hears of every call. */
export function heardBy(hear: Hear, endpoints: Endpoints): Endpoints {
  return Object.fromEntries(
    Object.entries(endpoints).map(([name, endpoint]) => {
      const service = SERVICE_NAMES.find((each) => (wireOf(each).signingName ?? each) === name);
      if (!service) return [name, endpoint];
      return [
        name,
        (request) => {
          hear(service, operationOf(service, request));
          return endpoint(request);
        },
      ];
    }),
  );
}
