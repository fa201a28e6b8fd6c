import { Cancelled, StateError } from '../errors.ts';
import type { Step } from '../step.ts';
import { after } from '../timers.ts';

export interface TaskAttempt {
  /** With a token, the task ends when the token is sent back; without, when the call returns. */
  readonly token: string | undefined;
  readonly timeoutSeconds: number | undefined;
  readonly heartbeatSeconds: number | undefined;
  readonly call: () => Promise<unknown>;
  readonly submitted: (result: unknown) => void;
}

/** Whatever happens first settles the attempt; everything that comes later is ignored. */
export async function attemptTask(step: Step, attempt: TaskAttempt): Promise<unknown> {
  const { token, timeoutSeconds, heartbeatSeconds } = attempt;
  const { run, cancellation } = step.branch;
  const undo: (() => void)[] = [];
  let open = true;
  try {
    return await new Promise<unknown>((resolve, reject) => {
      undo.push(cancellation.onCancel(() => reject(new Cancelled())));
      if (timeoutSeconds !== undefined)
        undo.push(after(timeoutSeconds * 1000, () => reject(new StateError('States.Timeout'))));
      const heart = heartbeat(heartbeatSeconds, reject);
      undo.push(heart.stop);
      if (token !== undefined)
        undo.push(run.tokens.await(token, { succeed: resolve, fail: reject, beat: heart.beat }));
      attempt.call().then((result) => {
        if (token === undefined) resolve(result);
        else if (open) attempt.submitted(result);
      }, reject);
    });
  } finally {
    open = false;
    for (const step of undo) step();
  }
}

/** AWS reports `States.Timeout` for a missed heartbeat as well; only `ErrorEquals` can tell them apart. */
function heartbeat(
  seconds: number | undefined,
  fail: (error: StateError) => void,
): { beat: () => void; stop: () => void } {
  if (seconds === undefined) return { beat: () => {}, stop: () => {} };
  const missed = new StateError('States.Timeout', undefined, { alias: 'States.HeartbeatTimeout' });
  const arm = () => after(seconds * 1000, () => fail(missed));
  let disarm = arm();
  return {
    beat: () => {
      disarm();
      disarm = arm();
    },
    stop: () => disarm(),
  };
}
