import type { Produces } from './asl.ts';
import { type Branch, type MapItem, record } from './branch.ts';
import { Cancelled, StateError } from './errors.ts';
import type { Bindings } from './jsonata.ts';
import type { Payload } from './payload.ts';
import { evaluateTemplate, evaluationError } from './template.ts';

/** One visit to one state. Variables stay as they were when it was entered. */
export interface Step {
  readonly name: string;
  readonly input: Payload;
  readonly branch: Branch;
  readonly enteredTime: string;
  readonly enteredEventId: number;
  retryCount: number;
}

/** What a state came to, before `Assign` and `Output`. */
export interface Outcome {
  /** The output when there is no `Output`. */
  readonly value: unknown;
  /** `$states.result`: Task, Parallel and Map only. */
  readonly result?: { readonly value: unknown };
  readonly next: string | undefined;
  /** Whose `Assign` and `Output` apply, and where that stands in the state: `''` or `Choices[0]/`. */
  readonly producer: Produces;
  readonly at: string;
}

export type RunState<S> = (state: S, step: Step) => Promise<Outcome>;

/** What `$states` holds beside input and context, depending on the field. */
export interface Extra {
  readonly result?: { readonly value: unknown } | undefined;
  readonly errorOutput?: object;
  readonly token?: string | undefined;
  readonly mapItem?: MapItem;
}

/** Evaluates a field of the state. Throws `States.QueryEvaluationError`, and `Cancelled` when the branch ended meanwhile. */
export async function evaluate(
  step: Step,
  template: unknown,
  field: string,
  extra: Extra = {},
): Promise<unknown> {
  try {
    return await evaluateTemplate(template, bindings(step, extra), field);
  } catch (thrown) {
    throw thrown instanceof StateError ? evaluationFailed(step, thrown, field) : thrown;
  } finally {
    stillRunning(step);
  }
}

/** A whole number of seconds (or items) within bounds; anything else is `States.QueryEvaluationError`. */
export async function evaluateInteger(
  step: Step,
  template: unknown,
  field: string,
  [least, most]: readonly [number, number],
): Promise<number> {
  const value = await evaluate(step, template, field);
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw wrongValue(step, field, value, `an integer from ${least} to ${most}`);
}

export async function evaluateText(step: Step, template: unknown, field: string): Promise<string> {
  const value = await evaluate(step, template, field);
  if (typeof value === 'string') return value;
  throw wrongValue(step, field, value, 'a string');
}

export function wrongValue(step: Step, field: string, value: unknown, allowed: string): StateError {
  const cause = `The field '${field}' came to ${JSON.stringify(value)}; it must be ${allowed}.`;
  return evaluationFailed(step, evaluationError(cause), field);
}

/** For work that took time: nothing may follow once the branch was told to end. */
export function stillRunning({ branch }: Step): void {
  if (branch.cancellation.cancelled) throw new Cancelled();
}

/** AWS names the state and its entry in the cause of every failure that it finds itself. */
export function locate(step: Step, error: StateError): StateError {
  const where = `An error occurred while executing the state '${step.name}' (entered at the event id #${step.enteredEventId}).`;
  return new StateError(error.errorName, `${where} ${error.causeText ?? ''}`.trim());
}

function evaluationFailed(step: Step, error: StateError, field: string): StateError {
  const located = locate(step, error);
  const details = { error: located.errorName, cause: located.causeText, location: field, state: step.name };
  record(step.branch, 'EvaluationFailed', details);
  return located;
}

function bindings(step: Step, { result, errorOutput, token, mapItem }: Extra): Bindings {
  const { branch } = step;
  const item = mapItem ?? branch.mapItem;
  const context = {
    ...branch.run.context,
    State: { Name: step.name, EnteredTime: step.enteredTime, RetryCount: step.retryCount },
    ...(token === undefined ? {} : { Task: { Token: token } }),
    ...(item === undefined ? {} : { Map: { Item: item } }),
  };
  const states = {
    input: step.input.value,
    context,
    ...(result === undefined ? {} : { result: result.value }),
    ...(errorOutput === undefined ? {} : { errorOutput }),
  };
  return { ...branch.variables, states };
}
