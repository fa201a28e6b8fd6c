import type { Endpoint, HttpResponse } from '../../sandbox/aws/protocol.ts';
import { operationOf } from '../../sandbox/faults/operation.ts';
import { SERVICE_NAMES, type ServiceName, wireOf } from '../../sandbox/faults/services.ts';
import { type Accident, type Call, type CallFault, LATE_MS, malformed, refused } from './accidents.ts';
import { acting, type Invocation } from './aws/functions.ts';
import type { Mutant } from './mutants.ts';
import type { Network, Outgoing } from './process/network.ts';
import type { World } from './world.ts';

/** A call that reached its service and was accepted there. */
export interface Effect {
  readonly call: Call;
  readonly sentAt: number;
  readonly at: number;
  /** What ECS did for it. */
  readonly did: readonly string[];
  /** What was stored when the call was sent. */
  readonly stored: ReturnType<World['dynamo']['items']>;
}

export interface Traffic {
  readonly network: Network;
  /** Every call that a function made, in order. */
  readonly calls: readonly Call[];
  /** Calls that changed what ECS runs. */
  readonly effects: readonly Effect[];
  /** Whether calls of this operation fail at this moment. */
  isOut(operation: string): boolean;
  /** Nothing goes wrong any more. */
  over(): void;
  /** What was before does not belong to the drill. */
  forget(): void;
  /** How many accidents happened. */
  readonly hits: () => number;
}

/** On its way to AWS and back. */
const WAY_MS = 3;
const ACTING = new Set(['ecs.UpdateService', 'ecs.StopServiceDeployment']);

/** Brings calls to the services, unless an accident happens to them. */
export function trafficIn(
  world: World,
  accidents: readonly Accident[],
  mutant: Mutant,
  phase: { readonly name: string; since(name: string): number | undefined },
): Traffic {
  const calls: Call[] = [];
  const effects: Effect[] = [];
  const counts = new Map<string, number>();
  const known = new Map<string, Call>();
  let hits = 0;
  let isOver = false;

  /** All attempts of the client's retries are one call. */
  const callOf = (who: string, request: Outgoing): { call: Call; isFirst: boolean } => {
    const id = request.headers['amz-sdk-invocation-id'] ?? '';
    const before = known.get(id);
    if (before) return { call: before, isFirst: false };
    const kind = { who, phase: phase.name, operation: named(request) };
    const nth = (counts.get(keyOf(kind)) ?? 0) + 1;
    counts.set(keyOf(kind), nth);
    const call = { ...kind, nth };
    known.set(id, call);
    calls.push(call);
    return { call, isFirst: true };
  };

  const meets = (outage: Extract<Accident, { kind: 'outage' }>, operation: string): boolean => {
    const since = phase.since(outage.from);
    const isOut = since !== undefined && Date.now() - since < outage.forMs;
    return isOut && outage.operations.some((prefix) => operation.startsWith(prefix));
  };

  const faultAt = (call: Call, isFirst: boolean): CallFault | undefined => {
    if (isOver) return undefined;
    for (const accident of accidents) {
      if (accident.kind === 'call' && (isFirst || accident.attempts === 'all') && isSame(accident.call, call))
        return accident.fault;
      if (accident.kind === 'outage' && meets(accident, call.operation)) return accident.fault;
    }
    return undefined;
  };

  const done = async (
    call: Call,
    request: Outgoing,
    sent: Pick<Effect, 'sentAt' | 'stored'>,
  ): Promise<HttpResponse> => {
    const before = world.truth.length;
    const response = await reach(world, mutant.sent?.(call, request) ?? request);
    const did = world.truth.slice(before).flatMap(({ event, facts }) => {
      if (call.operation === 'ecs.StopServiceDeployment' && event === 'rollback-started')
        return ['stops the deployment'];
      const isForward = event === 'deployment' && facts.kind === 'forward';
      return call.operation === 'ecs.UpdateService' && isForward ? [`deploys ${facts.release}`] : [];
    });
    if (did.length > 0) effects.push({ call, at: Date.now(), did, ...sent });
    return mutant.answered?.(call, response) ?? response;
  };

  const called = async (invocation: Invocation, request: Outgoing): Promise<HttpResponse> => {
    const { call, isFirst } = callOf(
      invocation.nth === 0 ? `${invocation.name} (warming)` : invocation.name,
      request,
    );
    const fault = faultAt(call, isFirst);
    if (fault) hits += 1;
    const sent = { sentAt: Date.now(), stored: ACTING.has(call.operation) ? world.dynamo.items() : [] };
    const act = (): Promise<HttpResponse> => done(call, request, sent);
    await sleep(WAY_MS);
    switch (fault) {
      case undefined:
        return act();
      case 'throttled':
      case 'denied':
      case 'unavailable':
        return refused(call.operation, fault, request);
      case 'reset':
        throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
      case 'unanswered-before':
        return NEVER;
      case 'unanswered-after':
        await act();
        return NEVER;
      case 'late':
        if (isFirst) void sleep(LATE_MS).then(act);
        return NEVER;
      case 'malformed':
        await act();
        return malformed();
      case 'killed':
        await act();
        invocation.kill();
        return NEVER;
      default:
        return fault satisfies never;
    }
  };

  return {
    calls,
    effects,
    isOut: (operation) => accidents.some((each) => each.kind === 'outage' && meets(each, operation)),
    over() {
      isOver = true;
    },
    forget() {
      calls.length = 0;
      counts.clear();
    },
    hits: () => hits,
    async network(request) {
      const invocation = acting.getStore();
      if (invocation?.dead) return NEVER;
      // What a service does, it does in nobody's name.
      const answer = acting.run(undefined, async () => {
        const isAws = request.headers['amz-sdk-invocation-id'] !== undefined;
        if (!isAws) await sleep(WAY_MS);
        const response =
          isAws && invocation ? await called(invocation, request) : await reach(world, request);
        await sleep(WAY_MS);
        return response;
      });
      const response = await answer;
      return invocation?.dead ? NEVER : response;
    },
  };
}

export const NEVER = new Promise<never>(() => {});

/** Takes a request to whoever it is for. */
export async function reach({ endpoints, shop }: World, request: Outgoing): Promise<HttpResponse> {
  if (request.host === 'shop.example') return shop.answer(request.path);
  const service = serviceOf(request);
  const endpoint: Endpoint | undefined = endpoints[wireOf(service).signingName ?? service];
  if (!endpoint)
    throw new Error(`The sweep has no service '${service}'. It has: ${Object.keys(endpoints).join(', ')}.`);
  return endpoint(request);
}

/** `ecs.UpdateService` */
function named(request: Outgoing): string {
  const service = serviceOf(request);
  return `${service}.${operationOf(service, request)}`;
}

function serviceOf({ headers }: Outgoing): ServiceName {
  const signed = /Credential=[^/]+\/[^/]+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1];
  const service = SERVICE_NAMES.find((name) => (wireOf(name).signingName ?? name) === signed);
  if (!service) throw new Error(`nobody knows the service '${signed}'`);
  return service;
}

export function isSame(a: Call, b: Call): boolean {
  return keyOf(a) === keyOf(b) && a.nth === b.nth;
}

export function keyOf({ who, phase, operation }: Omit<Call, 'nth'>): string {
  return `${who} in ${phase}: ${operation}`;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
