import { AsyncLocalStorage } from 'node:async_hooks';
import { FUNCTION_NAMES, FUNCTIONS, type FunctionName, folderOf } from '../../../lib/infra/functions.ts';
import type { Deliver } from '../../../sandbox/aws/events.ts';
import type { InvokeFunction } from '../../../sandbox/aws/functions.ts';
import { AwsError, type Endpoint } from '../../../sandbox/aws/protocol.ts';
import { startBackground } from '../../../sandbox/lambda/background.ts';
import type { Invocable } from '../../../sandbox/lambda/service.ts';
import { lambdaEndpoint } from '../../../sandbox/lambda/wire.ts';
import type { FunctionFault } from '../accidents.ts';

/** One run of a function. Once it is dead, nothing of it happens any more. */
export interface Invocation {
  readonly name: FunctionName;
  /** 0 when it is only warmed. */
  readonly nth: number;
  dead: boolean;
  kill(): void;
}

type Handler = (event: unknown, context: object) => Promise<unknown>;
export type Handlers = ReadonlyMap<string, Handler>;

/** In whose name something happens; nobody's: a service's, or a person's. */
export const acting = new AsyncLocalStorage<Invocation | undefined>();

/** The functions of the product, as they are deployed. */
export async function loadHandlers(): Promise<Handlers> {
  const loaded = FUNCTION_NAMES.map(async (name): Promise<[string, Handler]> => {
    const { handler } = await import(`../../../functions/${folderOf(name)}/handler.ts`);
    return [name, handler];
  });
  return new Map(await Promise.all(loaded));
}

/** Lambda repeats an asynchronous invocation after one, and again after two minutes. */
const REPEATED_AFTER_MS = 60_000;
const CRASHES_AFTER_MS = 20;

export interface SimulatedFunctions {
  readonly endpoint: Endpoint;
  readonly invoke: InvokeFunction;
  /** Hands an event to Lambda's queue, as EventBridge and Scheduler do. */
  readonly deliver: Deliver;
  killAll(): void;
}

type Outcome = Awaited<ReturnType<Invocable['run']>>;

export function simulatedFunctions(options: {
  readonly handlers: Handlers;
  /** Called before a function runs; not when it is only warmed. */
  readonly entered: (invocation: Invocation) => FunctionFault | undefined;
}): SimulatedFunctions {
  const counts = new Map<string, number>();
  const running = new Set<Invocation>();
  const background = startBackground(REPEATED_AFTER_MS);

  const run = (name: FunctionName, event: string): Promise<Outcome> =>
    acting.run(undefined, async () => {
      const isWarmUp = event.startsWith('{"warmUp":');
      const nth = isWarmUp ? 0 : (counts.get(name) ?? 0) + 1;
      if (!isWarmUp) counts.set(name, nth);
      const died = Promise.withResolvers<Outcome>();
      const invocation: Invocation = {
        name,
        nth,
        dead: false,
        kill() {
          invocation.dead = true;
          died.resolve(
            failure('Runtime.ExitError', 'RequestId: 1 Error: Runtime exited with error: signal: killed'),
          );
        },
      };
      running.add(invocation);
      const fault = isWarmUp ? undefined : options.entered(invocation);
      const { timeoutSeconds } = FUNCTIONS[name];
      const limit = setTimeout(() => {
        invocation.dead = true;
        died.resolve(
          failure(
            'Sandbox.Timedout',
            `RequestId: 1 Error: Task timed out after ${timeoutSeconds}.00 seconds`,
          ),
        );
      }, 1_000 * timeoutSeconds);
      const ended = handled(invocation, event, fault).catch(({ name: errorType, message }: Error) =>
        failure(errorType, message),
      );
      return Promise.race([ended, died.promise]).finally(() => {
        clearTimeout(limit);
        running.delete(invocation);
      });
    });

  async function handled(
    invocation: Invocation,
    event: string,
    fault: FunctionFault | undefined,
  ): Promise<Outcome> {
    const { name } = invocation;
    if (fault === 'crashes-before') {
      await new Promise((resolve) => setTimeout(resolve, CRASHES_AFTER_MS));
      invocation.kill();
      return new Promise(() => {});
    }
    const endsAt = Date.now() + 1_000 * FUNCTIONS[name].timeoutSeconds;
    const context = {
      functionName: name,
      awsRequestId: `${name}-${invocation.nth}`,
      getRemainingTimeInMillis: () => endsAt - Date.now(),
    };
    const handler = options.handlers.get(name) as Handler;
    const result = await acting.run(invocation, () => handler(JSON.parse(event), context));
    if (fault === 'times-out') return new Promise(() => {});
    if (fault === 'crashes-after') {
      invocation.kill();
      return new Promise(() => {});
    }
    return { kind: 'result', payload: JSON.stringify(result) ?? 'null' };
  }

  const find = (functionName: string) => {
    const name = functionName.split(':').at(-1) as FunctionName;
    if (!Object.hasOwn(FUNCTIONS, name))
      throw new AwsError('ResourceNotFoundException', `Function not found: ${functionName}`, {
        statusCode: 404,
      });
    const configuration = {
      name,
      directory: '',
      handler: 'index.handler',
      environment: {},
      ...FUNCTIONS[name],
    };
    return { configuration, run: (event: string) => run(name, event) };
  };
  return {
    endpoint: lambdaEndpoint({ configurations: [], find, background }),
    async invoke(functionName, payload) {
      const outcome = await find(functionName).run(JSON.stringify(payload) ?? '{}');
      return outcome.kind === 'result'
        ? { kind: 'result', payload: JSON.parse(outcome.payload) }
        : { kind: 'function-error', ...outcome.failure };
    },
    async deliver(targetArn, payload) {
      const { run: invoked } = find(targetArn);
      background.accept(() => invoked(JSON.stringify(payload)));
    },
    killAll() {
      background.close();
      for (const invocation of running) invocation.dead = true;
    },
  };
}

function failure(errorType: string, errorMessage: string): Outcome {
  return { kind: 'failure', failure: { errorType, errorMessage } };
}
