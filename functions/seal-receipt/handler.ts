import { tidiedTargets } from '../../lib/adapters/aws/target-wiring.ts';
import {
  announcer,
  clock,
  deadline,
  journal,
  locks,
  receipts,
  series,
} from '../../lib/adapters/aws/wiring.ts';
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
