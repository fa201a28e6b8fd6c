import type { Ports } from '../ports/ports.ts';
import type { TargetFor } from '../ports/target.ts';
import { targetContext } from './target-context.ts';

/** Reads what a step reads before it acts, so that connections and code are warm when it has to be quick. */
export async function rehearse<Read extends 'observe' | 'steering'>(
  ports: Pick<Ports, 'journal'> & { readonly target: TargetFor<Read> },
  read: Read,
  drillId: string,
): Promise<void> {
  const drill = await ports.journal.read(drillId);
  await ports.target(drill.plan)[read](targetContext(drill));
}
