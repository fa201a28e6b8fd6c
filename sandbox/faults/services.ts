/** How a service words an error: the code on the wire, the status, and what it says. */
export interface Wording {
  readonly code: string;
  readonly status: number;
  readonly message: string;
}

export interface ServiceWire {
  /** The name that AWS clients sign with, when it is not the service's own. */
  readonly signingName?: string;
  readonly protocol: 'json-1.0' | 'json-1.1' | 'query' | 'rest-json' | 'rest-xml';
  readonly throttled: Wording;
  readonly denied: Pick<Wording, 'code' | 'status'>;
  readonly unavailable: Wording;
}

const THROTTLED = { code: 'ThrottlingException', status: 400, message: 'Rate exceeded' };
const DENIED = { code: 'AccessDeniedException', status: 400 };
const broken = (code: string, status = 500) => ({
  code,
  status,
  message: 'The request has failed due to a temporary failure of the server.',
});

/** Every service of the sandbox, by the name that IAM has for it, with the errors that its SDK clients know. */
const SERVICES = {
  cloudfront: {
    protocol: 'rest-xml',
    throttled: { code: 'Throttling', status: 400, message: 'Rate exceeded' },
    denied: { code: 'AccessDenied', status: 403 },
    unavailable: broken('ServiceUnavailable', 503),
  },
  cloudwatch: {
    signingName: 'monitoring',
    protocol: 'json-1.0',
    throttled: THROTTLED,
    denied: DENIED,
    unavailable: broken('InternalServiceFault'),
  },
  codepipeline: {
    protocol: 'json-1.1',
    throttled: THROTTLED,
    denied: DENIED,
    unavailable: broken('InternalFailure'),
  },
  dynamodb: {
    protocol: 'json-1.0',
    throttled: THROTTLED,
    denied: DENIED,
    unavailable: broken('InternalServerError'),
  },
  ecr: { protocol: 'json-1.1', throttled: THROTTLED, denied: DENIED, unavailable: broken('ServerException') },
  ecs: { protocol: 'json-1.1', throttled: THROTTLED, denied: DENIED, unavailable: broken('ServerException') },
  events: {
    protocol: 'json-1.1',
    throttled: THROTTLED,
    denied: DENIED,
    unavailable: broken('InternalException'),
  },
  lambda: {
    protocol: 'rest-json',
    throttled: { code: 'TooManyRequestsException', status: 429, message: 'Rate Exceeded.' },
    denied: { code: 'AccessDeniedException', status: 403 },
    unavailable: broken('ServiceException'),
  },
  s3: {
    protocol: 'rest-xml',
    throttled: { code: 'SlowDown', status: 503, message: 'Please reduce your request rate.' },
    denied: { code: 'AccessDenied', status: 403 },
    unavailable: broken('ServiceUnavailable', 503),
  },
  scheduler: {
    protocol: 'rest-json',
    throttled: { ...THROTTLED, status: 429 },
    denied: { code: 'AccessDeniedException', status: 403 },
    unavailable: broken('InternalServerException'),
  },
  secretsmanager: {
    protocol: 'json-1.1',
    throttled: THROTTLED,
    denied: DENIED,
    unavailable: broken('InternalServiceError'),
  },
  sns: {
    protocol: 'query',
    throttled: { code: 'Throttled', status: 429, message: 'Rate exceeded' },
    denied: { code: 'AuthorizationError', status: 403 },
    unavailable: broken('InternalError'),
  },
  sqs: {
    protocol: 'json-1.0',
    throttled: { code: 'RequestThrottled', status: 403, message: 'Rate exceeded' },
    denied: { code: 'AccessDenied', status: 403 },
    unavailable: broken('ServiceUnavailable', 503),
  },
  ssm: {
    protocol: 'json-1.1',
    throttled: THROTTLED,
    denied: DENIED,
    unavailable: broken('InternalServerError'),
  },
  states: {
    protocol: 'json-1.0',
    throttled: THROTTLED,
    denied: DENIED,
    unavailable: broken('ServiceUnavailable', 503),
  },
  sts: {
    protocol: 'query',
    throttled: { code: 'Throttling', status: 400, message: 'Rate exceeded' },
    denied: { code: 'AccessDenied', status: 403 },
    unavailable: broken('ServiceUnavailable', 503),
  },
} as const satisfies Record<string, ServiceWire>;

export type ServiceName = keyof typeof SERVICES;

export const SERVICE_NAMES = Object.keys(SERVICES) as readonly ServiceName[];

export function isService(name: string): name is ServiceName {
  return Object.hasOwn(SERVICES, name);
}

export function wireOf(service: ServiceName): ServiceWire {
  return SERVICES[service];
}
