import type { WaitState } from '../asl.ts';
import { evaluateInteger, evaluateText, type RunState, type Step, wrongValue } from '../step.ts';
import { pause } from '../timers.ts';

const LONGEST_WAIT_SECONDS = 99_999_999;

/** RFC 3339 with an upper-case T, and Z unless there is an offset. */
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

export const runWait: RunState<WaitState> = async (state, step) => {
  const delayMs = 'Seconds' in state ? await secondsMs(state, step) : await untilMs(state, step);
  await pause(delayMs, step.branch.cancellation);
  return { value: step.input.value, next: state.Next, producer: state, at: '' };
};

async function secondsMs(state: WaitState, step: Step): Promise<number> {
  return 1000 * (await evaluateInteger(step, state.Seconds, 'Seconds', [0, LONGEST_WAIT_SECONDS]));
}

/** A moment that has passed is no wait at all. Node's timers may fire in the millisecond before. */
async function untilMs(state: WaitState, step: Step): Promise<number> {
  const text = await evaluateText(step, state.Timestamp, 'Timestamp');
  const at = TIMESTAMP.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at))
    throw wrongValue(step, 'Timestamp', text, 'a time such as 2026-03-14T01:59:00Z (RFC 3339)');
  return at - step.branch.run.now() + 1;
}
