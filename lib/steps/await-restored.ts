import type { Ports } from '../ports/ports.ts';
import type { TargetFor } from '../ports/target.ts';
import type { WaitInput } from './input.ts';
import { reportTarget, restoredWait } from './report-target.ts';
import { enter } from './step.ts';
import { targetContext } from './target-context.ts';

/** Waits until the witness has confirmed the restoration. The target is read once after the token is stored. */
export async function awaitRestored(
  ports: Pick<Ports, 'journal' | 'waits'> & { readonly target: TargetFor<'observe'> },
  input: WaitInput,
): Promise<void> {
  const drill = await enter(ports, 'AwaitRestored', input);
  await ports.waits.open(input.drillId, restoredWait(drill), input.token);
  await reportTarget(ports, drill, await ports.target(drill.plan).observe(targetContext(drill)));
}
