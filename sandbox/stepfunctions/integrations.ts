import type { InvokeFunction } from '../aws/functions.ts';
import { AwsError } from '../aws/protocol.ts';
import { StateError } from './errors.ts';

/** What a Task may call. */
export interface Services {
  readonly invokeFunction: InvokeFunction;
  readonly startExecution: (
    stateMachineArn: string,
    input: string,
    name?: string,
  ) => { readonly executionArn: string; readonly startDate: number };
}

export interface Integration {
  readonly resourceType: string;
  readonly resource: string;
  readonly waitsForToken: boolean;
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** The task's result; rejects with `StateError`. */
  readonly call: Call;
}

type Arguments = Readonly<Record<string, unknown>>;
type Call = (args: Arguments, services: Services) => Promise<unknown>;

const TOKEN_SUFFIX = '.waitForTaskToken';

const CALLS: Readonly<Record<string, Omit<Integration, 'waitsForToken'>>> = {
  'arn:aws:states:::lambda:invoke': {
    resourceType: 'lambda',
    resource: 'invoke',
    required: ['FunctionName'],
    optional: ['Payload', 'Qualifier'],
    call: invokeFunction,
  },
  'arn:aws:states:::states:startExecution': {
    resourceType: 'states',
    resource: 'startExecution',
    required: ['StateMachineArn'],
    optional: ['Input', 'Name'],
    call: startExecution,
  },
};

export const SUPPORTED_RESOURCES: readonly string[] = Object.keys(CALLS).flatMap((resource) => [
  resource,
  `${resource}${TOKEN_SUFFIX}`,
]);

/** `undefined` for what the sandbox cannot call. */
export function integrationFor(resource: string): Integration | undefined {
  if (!SUPPORTED_RESOURCES.includes(resource)) return undefined;
  const waitsForToken = resource.endsWith(TOKEN_SUFFIX);
  const integration = CALLS[waitsForToken ? resource.slice(0, -TOKEN_SUFFIX.length) : resource];
  if (!integration) return undefined;
  const suffix = waitsForToken ? TOKEN_SUFFIX : '';
  return { ...integration, resource: `${integration.resource}${suffix}`, waitsForToken };
}

async function invokeFunction(args: Arguments, { invokeFunction: invoke }: Services): Promise<unknown> {
  const qualifier = args.Qualifier === undefined ? '' : `:${text(args, 'Qualifier')}`;
  const functionName = `${text(args, 'FunctionName')}${qualifier}`;
  const payload = args.Payload === undefined ? {} : args.Payload;
  const invocation = await callService('Lambda', () => invoke(functionName, payload));
  if (invocation.kind === 'function-error') {
    const { errorType, errorMessage } = invocation;
    throw new StateError(errorType, JSON.stringify({ errorType, errorMessage }));
  }
  return { ExecutedVersion: '$LATEST', Payload: invocation.payload ?? null, StatusCode: 200 };
}

async function startExecution(args: Arguments, services: Services): Promise<unknown> {
  const name = args.Name === undefined ? undefined : text(args, 'Name');
  const input = JSON.stringify(args.Input ?? {});
  const started = await callService('StepFunctions', async () =>
    services.startExecution(text(args, 'StateMachineArn'), input, name),
  );
  return { ExecutionArn: started.executionArn, StartDate: new Date(started.startDate).toISOString() };
}

/** What the service refused is named after service and exception; what never reached it, after the client. */
async function callService<R>(service: string, call: () => Promise<R>): Promise<R> {
  try {
    return await call();
  } catch (thrown) {
    if (thrown instanceof StateError) throw thrown;
    if (!(thrown instanceof AwsError)) throw new StateError(`${service}.SdkClientException`, String(thrown));
    const exception = thrown.code.endsWith('Exception') ? thrown.code : `${thrown.code}Exception`;
    const detail = `(Service: ${service}, Status Code: ${thrown.statusCode})`;
    throw new StateError(`${service}.${exception}`, `${thrown.message} ${detail}`);
  }
}

function text(args: Arguments, name: string): string {
  const value = args[name];
  if (typeof value === 'string') return value;
  throw new StateError('States.Runtime', `The value for the field '${name}' must be a STRING`);
}
