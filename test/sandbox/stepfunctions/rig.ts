import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HistoryEvent, SFN } from '@aws-sdk/client-sfn';
import { afterAll, expect, onTestFinished } from 'vitest';
import type { ServiceEvent } from '../../../sandbox/aws/events.ts';
import type { Invocation } from '../../../sandbox/aws/functions.ts';
import { startGateway } from '../../../sandbox/aws/gateway.ts';
import { startStepFunctions } from '../../../sandbox/stepfunctions/service.ts';

export const ROLE = 'arn:aws:iam::000000000000:role/machine';

export type Functions = Readonly<Record<string, (payload: unknown) => Promise<Invocation> | Invocation>>;

export interface Ending {
  readonly executionArn: string;
  readonly status: string;
  readonly output: unknown;
  readonly error: unknown;
  readonly cause: unknown;
}

export type Rig = Awaited<ReturnType<typeof startRig>>;

export interface RigOptions {
  readonly directory?: string | undefined;
  /** Concurrent tests pass their own. */
  readonly whenFinished?: (clean: () => Promise<void> | void) => void;
}

/** The real service on a real socket, judged by the unmodified client. It ends with the test. */
export async function startRig(
  functions: Functions = {},
  { directory, whenFinished = onTestFinished }: RigOptions = {},
) {
  const events: ServiceEvent[] = [];
  const listeners = new Set<() => void>();
  const service = startStepFunctions({
    directory: directory ?? temporaryDirectory(whenFinished),
    emit: (event) => {
      events.push(event);
      for (const listener of listeners) listener();
    },
    invokeFunction: async (name, payload) => {
      const handler = functions[name];
      if (!handler) throw new Error(`The test has no function '${name}'.`);
      return handler(payload);
    },
  });
  const gateway = await startGateway({ states: service.endpoint });
  const credentials = { accessKeyId: 'x', secretAccessKey: 'y' };
  const client = new SFN({ endpoint: gateway.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  const close = async () => {
    await service.close();
    client.destroy();
    await gateway.close();
  };
  whenFinished(close);

  return { service, client, events, create, start, run, ended, history, close };

  async function create(definition: object, name = `machine-${crypto.randomUUID()}`): Promise<string> {
    const text = JSON.stringify(definition);
    const created = await client.createStateMachine({ name, definition: text, roleArn: ROLE });
    accepted.add(text);
    return created.stateMachineArn ?? '';
  }

  async function start(definition: object, input: unknown = {}, name?: string): Promise<string> {
    const stateMachineArn = await create(definition);
    const started = await client.startExecution({ stateMachineArn, input: JSON.stringify(input), name });
    return started.executionArn ?? '';
  }

  /** Waits for the status change, never for a time. */
  async function ended(executionArn: string): Promise<Ending> {
    const isEnd = ({ detail }: ServiceEvent) =>
      detail.executionArn === executionArn && detail.status !== 'RUNNING';
    await new Promise<void>((resolve) => {
      const check = () => {
        if (events.some(isEnd)) resolve();
      };
      listeners.add(check);
      check();
    });
    const { status = '', output, error, cause } = await client.describeExecution({ executionArn });
    return { executionArn, status, output: output && JSON.parse(output), error, cause };
  }

  async function run(definition: object, input?: unknown): Promise<Ending> {
    return ended(await start(definition, input));
  }

  async function history(executionArn: string): Promise<HistoryEvent[]> {
    const { events: found } = await client.getExecutionHistory({ executionArn, maxResults: 1000 });
    return found ?? [];
  }
}

export function temporaryDirectory(
  whenFinished: (clean: () => Promise<void> | void) => void = onTestFinished,
): string {
  const directory = mkdtempSync(join(tmpdir(), 'stepfunctions-'));
  whenFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A machine of these states, beginning with the first. */
export function machine(states: Readonly<Record<string, object>>, more: object = {}): object {
  return { QueryLanguage: 'JSONata', ...part(states), ...more };
}

/** The same for a branch or an iteration. */
export function part(states: Readonly<Record<string, object>>): object {
  return { StartAt: Object.keys(states)[0], States: states };
}

export function invoke(functionName: string, more: object = { End: true }): object {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: { FunctionName: functionName, Payload: '{% $states.input %}' },
    ...more,
  };
}

export function invokeAndWait(functionName: string, more: object = { End: true }): object {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Arguments: { FunctionName: functionName, Payload: { token: '{% $states.context.Task.Token %}' } },
    ...more,
  };
}

export function result(payload: unknown): Invocation {
  return { kind: 'result', payload };
}

export function functionError(errorType: string, errorMessage = 'it broke'): Invocation {
  return { kind: 'function-error', errorType, errorMessage };
}

/** A promise with its ends outside, for functions that a test lets go. */
export function gate<T>() {
  return Promise.withResolvers<T>();
}

const accepted = new Set<string>();

/** An independent judge agrees with all that the sandbox accepted: one call for the whole file, as it takes its time. */
afterAll(() => {
  const Branches = [...accepted].map((text) => {
    const { StartAt, States } = JSON.parse(text);
    return { StartAt, States };
  });
  if (Branches.length === 0) return;
  const required: unknown = createRequire(import.meta.url)('asl-validator');
  const validate = ((required as { default?: unknown }).default ?? required) as Validate;
  const { errors } = validate(machine({ All: { Type: 'Parallel', Branches, End: true } }));
  expect(errors.filter((error) => error['Error code'] !== 'DUPLICATE_STATE_NAMES')).toEqual([]);
});

type Validate = (definition: object) => { readonly errors: readonly Readonly<Record<string, unknown>>[] };
