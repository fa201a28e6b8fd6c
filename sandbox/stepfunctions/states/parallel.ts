import type { ParallelState } from '../asl.ts';
import { innerBranch, record } from '../branch.ts';
import { payloadOf } from '../payload.ts';
import { evaluate, type RunState } from '../step.ts';
import { allOrFirstFailure } from './together.ts';

/** The result holds one output per branch, in their order. The first failure ends the other branches at once. */
export const runParallel: RunState<ParallelState> = async (state, step) => {
  const { branch } = step;
  const input =
    'Arguments' in state
      ? payloadOf(await evaluate(step, state.Arguments, 'Arguments'), 'The input of the branches')
      : step.input;
  record(branch, 'ParallelStateStarted');
  try {
    const outputs = await allOrFirstFailure(
      branch,
      state.Branches,
      state.Branches.length,
      (machine, siblings) => {
        const inner = innerBranch(branch, siblings);
        return branch.run.runMachine(machine, input, inner).finally(() => inner.cancellation.release());
      },
    );
    const value = outputs.map((output) => output.value);
    record(branch, 'ParallelStateSucceeded');
    return { value, result: { value }, next: state.Next, producer: state, at: '' };
  } catch (thrown) {
    record(branch, 'ParallelStateFailed');
    throw thrown;
  }
};
