import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionLost } from '../aws/gateway.ts';
import type { Endpoint, HttpRequest, HttpResponse } from '../aws/protocol.ts';
import { refusal } from './refusal.ts';
import { type ServiceName, wireOf } from './services.ts';

/** A call that something goes wrong with. */
export interface Call {
  readonly service: ServiceName;
  readonly operation: string;
  readonly endpoint: Endpoint;
  readonly request: HttpRequest;
  /** How long a late call takes after its client has given up. */
  readonly lateByMs: number;
  /** Aborts when the sandbox closes. */
  readonly closing: AbortSignal;
}

interface Kind {
  readonly description: string;
  /** Answers in the place of the service. Throws `ConnectionLost` when no answer arrives. */
  readonly answer: (call: Call) => Promise<HttpResponse>;
}

/** A client that never gives up loses its connection after this time. */
const HELD_LIMIT_MS = 5 * 60_000;

export const KINDS = {
  throttled: {
    description: 'refused because there are too many calls',
    answer: ({ service, operation, request }) =>
      refusal(service, operation, wireOf(service).throttled, request),
  },
  denied: {
    description: 'refused because the caller has no permission',
    answer: ({ service, operation, request }) => {
      const message = `User is not authorized to perform: ${service}:${operation}`;
      return refusal(service, operation, { ...wireOf(service).denied, message }, request);
    },
  },
  unavailable: {
    description: 'answered with the 5xx error of a broken service',
    answer: ({ service, operation, request }) =>
      refusal(service, operation, wireOf(service).unavailable, request),
  },
  unreachable: { description: 'the connection is cut before the service hears of the call', answer: lost },
  reset: {
    description: 'the same: the connection is cut before the service hears of the call',
    answer: lost,
  },
  'reset-after': {
    description: 'takes effect, then the connection is cut',
    answer: (call) => call.endpoint(call.request).then(lost),
  },
  'unanswered-before': {
    description: 'never reaches the service; no answer comes until the client gives up',
    answer: (call) => abandoned(call).then(lost),
  },
  unanswered: {
    description: 'takes effect; no answer comes until the client gives up',
    answer: (call) =>
      call
        .endpoint(call.request)
        .then(() => abandoned(call))
        .then(lost),
  },
  late: {
    description: 'takes effect after the client has given up: 2 s, or as many as `late=SECONDS` says',
    answer: late,
  },
  malformed: {
    description: 'takes effect; the answer is not what the service would say',
    answer: (call) => call.endpoint(call.request).then(pageOfAProxy),
  },
} as const satisfies Record<string, Kind>;

export type KindName = keyof typeof KINDS;

export function isKind(name: string): name is KindName {
  return Object.hasOwn(KINDS, name);
}

async function lost(): Promise<never> {
  throw new ConnectionLost();
}

/** Never takes effect once the sandbox closes. */
async function late(call: Call): Promise<never> {
  const { endpoint, request, lateByMs, closing } = call;
  await abandoned(call);
  const isOpen = await sleep(lateByMs, true, { signal: closing, ref: false }).catch(() => false);
  if (isOpen) await endpoint(request);
  return lost();
}

function abandoned({ request, closing }: Call): Promise<void> {
  return new Promise((resolve) => {
    const limit = setTimeout(resolve, HELD_LIMIT_MS);
    const end = () => {
      clearTimeout(limit);
      resolve();
    };
    for (const signal of [request.abandoned, closing]) {
      if (signal?.aborted) end();
      signal?.addEventListener('abort', end, { once: true });
    }
  });
}

function pageOfAProxy(): HttpResponse {
  return { status: 200, headers: { 'content-type': 'text/html' }, body: '<html><body>It works!</body' };
}
