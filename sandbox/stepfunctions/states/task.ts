import type { TaskState } from '../asl.ts';
import { record } from '../branch.ts';
import { asStateError, Cancelled, StateError } from '../errors.ts';
import { type Integration, integrationFor } from '../integrations.ts';
import { payloadOf } from '../payload.ts';
import { evaluate, evaluateInteger, type RunState, type Step, wrongValue } from '../step.ts';
import { attemptTask } from './task-attempt.ts';

const LONGEST_TIMEOUT_SECONDS = 99_999_999;

export const runTask: RunState<TaskState> = async (state, step) => {
  const integration = integrationFor(state.Resource);
  if (!integration) throw new StateError('States.Runtime', `The sandbox cannot call ${state.Resource}.`);
  const { run } = step.branch;
  const token = integration.waitsForToken ? run.tokens.issue(run.context.Execution.Id) : undefined;
  const args = await argumentsOf(state, step, token);
  const timeoutSeconds = await limitOf(state, step, 'TimeoutSeconds');
  const heartbeatSeconds = await limitOf(state, step, 'HeartbeatSeconds');
  schedule(step, integration, args, { timeoutSeconds, heartbeatSeconds });
  const { resourceType, resource } = integration;
  try {
    const raw = await attemptTask(step, {
      token,
      timeoutSeconds,
      heartbeatSeconds,
      call: () => integration.call(args, run.services),
      submitted: (result) => recordSubmitted(step, integration, result),
    });
    const { value, text } = payloadOf(raw, `The result of the task '${step.name}'`);
    const output = { output: text, outputDetails: { truncated: false } };
    record(step.branch, 'TaskSucceeded', { resourceType, resource, ...output });
    return { value, result: { value }, next: state.Next, producer: state, at: '' };
  } catch (thrown) {
    throw thrown instanceof Cancelled ? thrown : failed(step, integration, asStateError(thrown));
  }
};

async function argumentsOf(
  state: TaskState,
  step: Step,
  token: string | undefined,
): Promise<Readonly<Record<string, unknown>>> {
  const args =
    'Arguments' in state ? await evaluate(step, state.Arguments, 'Arguments', { token }) : step.input.value;
  if (typeof args !== 'object' || args === null || Array.isArray(args))
    throw wrongValue(step, 'Arguments', args, 'an object');
  return { ...args };
}

async function limitOf(
  state: TaskState,
  step: Step,
  field: 'TimeoutSeconds' | 'HeartbeatSeconds',
): Promise<number | undefined> {
  if (state[field] === undefined) return undefined;
  return evaluateInteger(step, state[field], field, [1, LONGEST_TIMEOUT_SECONDS]);
}

function schedule(
  step: Step,
  { resourceType, resource }: Integration,
  args: unknown,
  { timeoutSeconds, heartbeatSeconds }: Readonly<Record<string, number | undefined>>,
): void {
  record(step.branch, 'TaskScheduled', {
    resourceType,
    resource,
    region: 'us-east-1',
    parameters: payloadOf(args, `The arguments of the task '${step.name}'`).text,
    ...(timeoutSeconds === undefined ? {} : { timeoutInSeconds: timeoutSeconds }),
    ...(heartbeatSeconds === undefined ? {} : { heartbeatInSeconds: heartbeatSeconds }),
  });
  record(step.branch, 'TaskStarted', { resourceType, resource });
}

/** What the callee answered is only shown: the task's result comes with its token. */
function recordSubmitted(step: Step, { resourceType, resource }: Integration, result: unknown): void {
  const output = JSON.stringify(result);
  record(step.branch, 'TaskSubmitted', {
    resourceType,
    resource,
    output,
    outputDetails: { truncated: false },
  });
}

function failed(step: Step, { resourceType, resource }: Integration, error: StateError): StateError {
  const type = error.errorName === 'States.Timeout' ? 'TaskTimedOut' : 'TaskFailed';
  const { errorName, causeText } = error;
  record(step.branch, type, { resourceType, resource, error: errorName, cause: causeText });
  return error;
}
