import type { Emit } from './aws/events.ts';
import { ConnectionLost } from './aws/gateway.ts';
import { AwsError, type Endpoint, type HttpRequest } from './aws/protocol.ts';
import { ineffectiveRollback, lingeringDeployments } from './untrue-deployments.ts';

/** Something that goes wrong in the sandbox as it might on AWS. */
export interface Fault {
  readonly description: string;
  readonly ecs?: (endpoint: Endpoint) => Endpoint;
  readonly events?: (emit: Emit) => Emit;
  /** Whether the shop's service has a deployment circuit breaker. */
  readonly circuitBreaker?: boolean;
}

export const FAULTS = {
  'breaker-off': {
    description: 'the service has no deployment circuit breaker, so a bad rollout stays under way',
    circuitBreaker: false,
  },
  'deployments-linger': {
    description: 'for 20 s a deployment that has succeeded is told as under way',
    ecs: lingeringDeployments,
  },
  'events-lost': {
    description: 'no event reaches its rule',
    events: () => () => {},
  },
  'events-doubled': {
    description: 'every event is delivered twice',
    events: (emit) => (event) => {
      emit(event);
      emit(event);
    },
  },
  'stop-deployment-denied': {
    description: 'StopServiceDeployment is answered with AccessDeniedException',
    ecs: onOperation('StopServiceDeployment', () =>
      refuse('AccessDeniedException', 'You are not authorized to perform this operation.'),
    ),
  },
  'stop-deployment-unanswered': {
    description: 'StopServiceDeployment takes effect, but its first answer is lost',
    ecs: onOperation('StopServiceDeployment', once(loseAnswer)),
  },
  'stop-deployment-ineffective': {
    description: 'StopServiceDeployment is accepted and told as done, but nothing is rolled back',
    ecs: ineffectiveRollback,
  },
  'update-service-throttled': {
    description: 'the first two UpdateService calls are throttled',
    ecs: onOperation(
      'UpdateService',
      times(2, () => refuse('ThrottlingException', 'Rate exceeded')),
    ),
  },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;

export function isFault(name: string): name is FaultName {
  return Object.hasOwn(FAULTS, name);
}

/** What stands before an operation: answers in its place, or lets it through. */
type Interference = (endpoint: Endpoint, request: HttpRequest) => ReturnType<Endpoint>;

function onOperation(operation: string, interfere: Interference): (endpoint: Endpoint) => Endpoint {
  return (endpoint) => (request) =>
    request.headers['x-amz-target']?.endsWith(`.${operation}`)
      ? interfere(endpoint, request)
      : endpoint(request);
}

async function refuse(code: string, message: string): ReturnType<Endpoint> {
  const error = new AwsError(code, message);
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': error.code };
  return { status: error.statusCode, headers, body: JSON.stringify({ __type: error.code, message }) };
}

async function loseAnswer(endpoint: Endpoint, request: HttpRequest): ReturnType<Endpoint> {
  await endpoint(request);
  throw new ConnectionLost();
}

function once(interfere: Interference): Interference {
  return times(1, interfere);
}

function times(count: number, interfere: Interference): Interference {
  let left = count;
  return (endpoint, request) => (left-- > 0 ? interfere(endpoint, request) : endpoint(request));
}
