import type { Endpoint, HttpResponse } from '../../sandbox/aws/protocol.ts';
import { wireOf } from '../../sandbox/faults/services.ts';
import { type Call, type CallFault, LATE_MS, malformed, refused } from './accidents.ts';
import { acting, type Invocation } from './aws/functions.ts';
import { type CallRegister, callRegister, isForAws, serviceOf } from './calls.ts';
import type { Course } from './course.ts';
import type { Mutant } from './mutants.ts';
import type { Network, Outgoing } from './process/network.ts';
import type { World } from './world.ts';

/** A call that changed what ECS runs, or started what will. */
export interface Effect {
  readonly call: Call;
  readonly sentAt: number;
  readonly at: number;
  /** What was done for it. */
  readonly did: readonly string[];
  /** What was stored when the call was sent. */
  readonly stored: ReturnType<World['dynamo']['items']>;
}

export interface Traffic extends Pick<CallRegister, 'calls' | 'forget'> {
  readonly network: Network;
  readonly effects: readonly Effect[];
}

/** On its way to AWS and back. */
const WAY_MS = 3;

/** Brings requests to whoever they are for, unless an accident happens to them. */
export function trafficIn(world: World, course: Course, mutant: Mutant): Traffic {
  const { calls, callOf, forget } = callRegister();
  const effects: Effect[] = [];

  const called = async (invocation: Invocation, request: Outgoing): Promise<HttpResponse> => {
    const { call, isFirst } = callOf(actorOf(invocation), course.phase, request);
    const fault = course.faultAt(call, isFirst);
    const isActing = ACTING.has(call.operation);
    const sent = { call, sentAt: Date.now(), stored: isActing ? world.dynamo.items() : [] };
    await sleep(WAY_MS);
    return befall(fault, call, request, {
      isFirst,
      kill: invocation.kill,
      async act() {
        const before = world.truth.length;
        const response = await reach(world, mutant.sent?.(call, request) ?? request);
        const did = isActing ? deedsIn(world.truth, before, call, request) : [];
        if (did.length > 0) effects.push({ ...sent, at: Date.now(), did });
        return mutant.answered?.(call, response) ?? response;
      },
    });
  };
  const brought = async (invocation: Invocation | undefined, request: Outgoing): Promise<HttpResponse> => {
    if (invocation && isForAws(request)) return called(invocation, request);
    await sleep(WAY_MS);
    return reach(world, request);
  };

  return {
    calls,
    effects,
    forget,
    async network(request) {
      const invocation = acting.getStore();
      if (invocation?.dead) return NEVER;
      // What a service does, it does in nobody's name.
      const response = await acting.run(undefined, () =>
        brought(invocation, request).finally(() => sleep(WAY_MS)),
      );
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

interface Doing {
  readonly isFirst: boolean;
  readonly act: () => Promise<HttpResponse>;
  readonly kill: () => void;
}

/** What becomes of a call, and what its client hears. */
async function befall(
  fault: CallFault | undefined,
  { operation }: Call,
  request: Outgoing,
  { isFirst, act, kill }: Doing,
): Promise<HttpResponse> {
  switch (fault) {
    case undefined:
      return act();
    case 'throttled':
    case 'denied':
    case 'unavailable':
      return refused(operation, fault, request);
    case 'reset':
      throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    case 'unanswered-before':
      return NEVER;
    case 'unanswered-after':
      return act().then(() => NEVER);
    case 'late':
      if (isFirst) void sleep(LATE_MS).then(act);
      return NEVER;
    case 'malformed':
      return act().then(malformed);
    case 'killed':
      return act()
        .then(kill)
        .then(() => NEVER);
    default:
      return fault satisfies never;
  }
}

const ACTING = new Set([
  'ecs.UpdateService',
  'ecs.StopServiceDeployment',
  'codepipeline.StartPipelineExecution',
  'codepipeline.RollbackStage',
]);

function deedsIn(
  all: World['truth'],
  from: number,
  { operation }: Call,
  request: Outgoing,
): readonly string[] {
  const truth = all.slice(from);
  if (operation.startsWith('codepipeline.')) {
    const isNew = truth.some(({ event }) => event === 'execution');
    return isNew ? [deedOf(operation, request)] : [];
  }
  return truth.flatMap(({ event, facts }) => {
    const isStop = operation === 'ecs.StopServiceDeployment';
    if (isStop) return event === 'rollback-started' ? ['stops the deployment'] : [];
    return event === 'deployment' && facts.kind === 'forward' ? [`deploys ${facts.release}`] : [];
  });
}

/** An execution with another release than the healthy one deploys it. */
function deedOf(operation: string, { body }: Outgoing): string {
  if (operation === 'codepipeline.RollbackStage') return 'rolls the stage back';
  const { variables = [] } = JSON.parse(String(body)) as { variables?: readonly { value: string }[] };
  return `deploys ${variables[0]?.value ?? 'healthy'}`;
}

function actorOf({ name, nth }: Invocation): string {
  return nth === 0 ? `${name} (warming)` : name;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
