import type { Emit } from './aws/events.ts';
import { ConnectionLost } from './aws/gateway.ts';
import { AwsError, type Endpoint, type HttpRequest } from './aws/protocol.ts';
import type { DatabaseFaults } from './postgres/faults.ts';
import type { ShopFault } from './shop/faults.ts';
import { moveMailKey, scaleShop } from './shop/misdeeds.ts';
import { ineffectiveRollback, lingeringDeployments } from './untrue-deployments.ts';

/** Something that goes wrong in the sandbox as it might on AWS. */
export interface Fault {
  readonly description: string;
  readonly ecs?: (endpoint: Endpoint) => Endpoint;
  readonly events?: (emit: Emit) => Emit;
  /** Whether the shop's service has a deployment circuit breaker. */
  readonly circuitBreaker?: boolean;
  /** What goes wrong in the shop's own code, by the name that its tasks know. */
  readonly shop?: ShopFault;
  /** What happens to the shop's database as soon as a bad release has started. */
  readonly database?: (faults: DatabaseFaults) => Promise<void>;
  /** What somebody does in the account as soon as a bad release has started; given what points AWS clients here. */
  readonly account?: (environment: Readonly<Record<string, string>>) => Promise<void>;
  /** Whether one task of a bad release stays behind the load balancer when ECS believes that it is gone. */
  readonly strayTask?: boolean;
  /** Whether the edge takes purges and forgets nothing. */
  readonly edgeIgnoresPurges?: boolean;
}

export const FAULTS = {
  'breaker-off': {
    description: 'the service has no deployment circuit breaker, so a bad rollout stays under way',
    circuitBreaker: false,
  },
  'consumer-stays-bad': {
    description:
      'a consumer of the bad release goes on after the rollback, and messages end up as dead letters',
    shop: 'consumer-stays-bad',
  },
  'deployments-linger': {
    description: 'for 20 s a deployment that has succeeded is told as under way',
    ecs: lingeringDeployments,
  },
  'desired-count-changed': {
    description: 'once a bad release has started, somebody scales the service to 4 tasks',
    account: scaleShop,
  },
  'double-charged': {
    description: 'every task of a bad release takes the payment of an order twice',
    shop: 'double-charged',
  },
  'endpoint-down': {
    description: 'after the rollback GET /stock answers 503',
    shop: 'endpoint-down',
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
  'metrics-off-baseline': {
    description: 'after the rollback every answer comes 150 ms later',
    shop: 'metrics-off-baseline',
  },
  'one-task-stays-bad': {
    description:
      'after a rollback the load balancer still reaches one task of the bad release, until the service is updated again',
    strayTask: true,
  },
  'orphaned-orders': {
    description: 'every task of a bad release writes an order without its payment',
    shop: 'orphaned-orders',
  },
  'replica-paused': {
    description: 'once a bad release has started, the standby shows nothing new any more',
    database: ({ pauseReplica }) => pauseReplica(),
  },
  'replica-schema-drift': {
    description: 'once a bad release has started, the schema of the replica for reports is another one',
    database: ({ driftReplica }) => driftReplica(),
  },
  'replica-unreachable': {
    description: 'once a bad release has started, nobody can reach the standby',
    database: ({ stop }) => stop('standby'),
  },
  'secret-moved': {
    description: 'once a bad release has started, somebody changes the secret that tasks get as MAIL_KEY',
    account: moveMailKey,
  },
  'sessions-invalid': {
    description: 'after the rollback no token from before is accepted any more',
    shop: 'sessions-invalid',
  },
  'stale-edge': {
    description: 'a purge is accepted and told as completed, but the edge forgets nothing',
    edgeIgnoresPurges: true,
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
