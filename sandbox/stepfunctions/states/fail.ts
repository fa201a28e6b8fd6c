import type { FailState } from '../asl.ts';
import { StateError } from '../errors.ts';
import { evaluateText, type RunState } from '../step.ts';

export const runFail: RunState<FailState> = async (state, step) => {
  const error = 'Error' in state ? await evaluateText(step, state.Error, 'Error') : undefined;
  const cause = 'Cause' in state ? await evaluateText(step, state.Cause, 'Cause') : undefined;
  throw new StateError(error, cause);
};
