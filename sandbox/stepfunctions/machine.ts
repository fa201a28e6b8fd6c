import type { Machine, State } from './asl.ts';
import { type Branch, record } from './branch.ts';
import { asStateError, Cancelled, StateError } from './errors.ts';
import { type Payload, payloadOf } from './payload.ts';
import { matches, retryPolicy } from './retry.ts';
import { runChoice } from './states/choice.ts';
import { runFail } from './states/fail.ts';
import { runMap } from './states/map.ts';
import { runParallel } from './states/parallel.ts';
import { runPass } from './states/pass.ts';
import { runSucceed } from './states/succeed.ts';
import { runTask } from './states/task.ts';
import { runWait } from './states/wait.ts';
import { type Extra, evaluate, locate, type Outcome, type Step, stillRunning } from './step.ts';
import { pause } from './timers.ts';
import { type Assignment, assign } from './variables.ts';

interface Transition {
  readonly output: Payload;
  readonly assignment: Assignment;
  readonly next: string | undefined;
}

/** Requests get their turn this often while states follow each other without any wait. */
const VISITS_PER_TURN = 100;

/** Runs to a terminal state. Rejects with `StateError`, or with `Cancelled`. The history's limit ends an endless loop. */
export async function runMachine(machine: Machine, input: Payload, branch: Branch): Promise<Payload> {
  let name: string | undefined = machine.StartAt;
  let data = input;
  let visits = 0;
  while (name !== undefined) {
    visits += 1;
    if (visits % VISITS_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
    if (branch.cancellation.cancelled) throw new Cancelled();
    const state: State | undefined = machine.States[name];
    if (!state) throw new StateError('States.Runtime', `There is no state '${name}'.`);
    const transition: Transition = await visit(state, name, data, branch);
    data = transition.output;
    name = transition.next;
  }
  return data;
}

async function visit(state: State, name: string, input: Payload, branch: Branch): Promise<Transition> {
  const step = enter(state, name, input, branch);
  const forget = reportAbort(state, step);
  try {
    const transition = await settle(state, step);
    branch.variables = transition.assignment.variables;
    record(branch, `${state.Type}StateExited`, {
      name,
      output: transition.output.text,
      outputDetails: { truncated: false },
      ...assignedVariables(transition.assignment),
    });
    return transition;
  } finally {
    forget();
  }
}

function assignedVariables({ assigned }: Assignment): Readonly<Record<string, object>> {
  if (Object.keys(assigned).length === 0) return {};
  return { assignedVariables: assigned, assignedVariablesDetails: { truncated: false } };
}

function enter(state: State, name: string, input: Payload, branch: Branch): Step {
  const details = { name, input: input.text, inputDetails: { truncated: false } };
  const enteredEventId = record(branch, `${state.Type}StateEntered`, details);
  const enteredTime = new Date(branch.run.now()).toISOString();
  return { name, input, branch, enteredTime, enteredEventId, retryCount: 0 };
}

/** Only states that take time have an event for it. */
function reportAbort(state: State, { branch }: Step): () => void {
  if (!['Task', 'Wait', 'Parallel', 'Map'].includes(state.Type)) return () => {};
  return branch.cancellation.onCancel(() => record(branch, `${state.Type}StateAborted`));
}

/** Tries until the state succeeds, no retrier answers any more, or a catcher takes over. */
async function settle(state: State, step: Step): Promise<Transition> {
  const retryAfterSeconds = retryPolicy('Retry' in state ? state.Retry : undefined);
  for (;;) {
    try {
      const outcome = await runState(state, step);
      stillRunning(step);
      return await transitionFrom(step, outcome);
    } catch (thrown) {
      if (thrown instanceof Cancelled) throw thrown;
      stillRunning(step);
      const error = asStateError(thrown);
      const delaySeconds = retryAfterSeconds(error);
      if (delaySeconds === undefined) return caught(state, step, error);
      await pause(delaySeconds * 1000, step.branch.cancellation);
      step.retryCount += 1;
    }
  }
}

function runState(state: State, step: Step): Promise<Outcome> {
  switch (state.Type) {
    case 'Task':
      return runTask(state, step);
    case 'Choice':
      return runChoice(state, step);
    case 'Wait':
      return runWait(state, step);
    case 'Pass':
      return runPass(state, step);
    case 'Succeed':
      return runSucceed(state, step);
    case 'Fail':
      return runFail(state, step);
    case 'Parallel':
      return runParallel(state, step);
    case 'Map':
      return runMap(state, step);
  }
}

/** Assign and Output both see the variables as at entry; only a later state sees what was assigned. */
async function transitionFrom(step: Step, outcome: Outcome, extra: Extra = {}): Promise<Transition> {
  const { producer, at, next } = outcome;
  const seen: Extra = { ...extra, result: outcome.result };
  const values = await evaluate(step, producer.Assign ?? {}, `${at}Assign`, seen);
  const output =
    'Output' in producer ? await evaluate(step, producer.Output, `${at}Output`, seen) : outcome.value;
  try {
    const assignment = assign(step.branch.variables, values as Readonly<Record<string, unknown>>);
    return { output: payloadOf(output, `The output of the state '${step.name}'`), assignment, next };
  } catch (thrown) {
    throw locate(step, asStateError(thrown));
  }
}

/** The state's own Assign and Output are skipped when a catcher answers. */
async function caught(state: State, step: Step, error: StateError): Promise<Transition> {
  const catchers = ('Catch' in state ? state.Catch : undefined) ?? [];
  const index = catchers.findIndex(({ ErrorEquals }) => matches(error, ErrorEquals));
  const producer = catchers[index];
  if (!producer) throw error;
  const errorOutput = { Error: error.errorName ?? '', Cause: error.causeText ?? '' };
  const outcome: Outcome = { value: errorOutput, next: producer.Next, producer, at: `Catch[${index}]/` };
  return transitionFrom(step, outcome, { errorOutput });
}
