import type { SucceedState } from '../asl.ts';
import type { RunState } from '../step.ts';

export const runSucceed: RunState<SucceedState> = async (state, { input }) => ({
  value: input.value,
  next: undefined,
  producer: state,
  at: '',
});
