import type { Ports } from '../ports.ts';
import type { WaitInput } from './input.ts';
import { enter } from './step.ts';

/** A plan that asks for no approval goes on at once. */
export async function awaitApproval(
  ports: Pick<Ports, 'journal' | 'waits'>,
  input: WaitInput,
): Promise<void> {
  const drill = await enter(ports, 'AwaitApproval', input);
  await ports.waits.open(input.drillId, 'AwaitApproval', input.token);
  const signal = { kind: 'approved', reason: 'the plan asks for no approval' };
  await ports.waits.signal(drill, 'AwaitApproval', signal, [
    { kind: 'approval', key: 'approval', verdict: 'not-required' },
  ]);
}
