import { rollbacksOf } from '../drill/journal.ts';
import type { Drill } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';
import type { WaitInput } from './input.ts';
import { enter } from './step.ts';

export function stabiliseWait(drill: Drill): string {
  return `Stabilise/${rollbacksOf(drill.journal)}`;
}

/** Waits until the witness has watched the quiet period to its end, or seen something in it. */
export async function stabilise(ports: Pick<Ports, 'journal' | 'waits'>, input: WaitInput): Promise<void> {
  const drill = await enter(ports, 'Stabilise', input);
  await ports.waits.open(input.drillId, stabiliseWait(drill), input.token);
  await ports.journal.enter(input.drillId, 'stabilising');
}
