import type { PassState } from '../asl.ts';
import type { RunState } from '../step.ts';

export const runPass: RunState<PassState> = async (state, { input }) => ({
  value: input.value,
  next: state.Next,
  producer: state,
  at: '',
});
