import type { Ports } from '../ports/ports.ts';
import { targetContext } from './target-context.ts';

/** Reads what a step reads before it acts, so that connections and code are warm when it has to be quick. */
export async function rehearse(ports: Pick<Ports, 'journal' | 'target'>, drillId: string): Promise<void> {
  const drill = await ports.journal.read(drillId);
  await ports.target(drill.plan).steering(targetContext(drill));
}
