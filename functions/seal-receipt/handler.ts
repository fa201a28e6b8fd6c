import { deadline } from '../../lib/adapters/aws/wiring/machines.ts';
import { announcer } from '../../lib/adapters/aws/wiring/people.ts';
import { journal, locks, receipts, series } from '../../lib/adapters/aws/wiring/records.ts';
import { tidiedTargets } from '../../lib/adapters/aws/wiring/targets.ts';
import { systemClock as clock } from '../../lib/adapters/clock.ts';
import { finishSealed, sealTakenOver } from '../../lib/steps/close-drill.ts';
import { SealEvent } from '../../lib/steps/seal-event.ts';
import { sealReceipt } from '../../lib/steps/seal-receipt.ts';
import { lambda } from '../stack.ts';

const ports = {
  announcer: announcer(),
  clock,
  deadline: deadline(),
  journal: journal(),
  locks: locks(),
  receipts: receipts(),
  series: series(),
  target: tidiedTargets(),
};

export const handler = lambda(SealEvent, async (event) => {
  if ('isSealed' in event) return finishSealed(ports, event.drillId);
  if ('takenOver' in event) return sealTakenOver(ports, event);
  return sealReceipt(ports, event);
});
