import { observedTargets } from '../../lib/adapters/aws/target-wiring.ts';
import { journal, locks, statistics, waits } from '../../lib/adapters/aws/wiring.ts';
import { ObservedEvent, observeEvent } from '../../lib/steps/observe-event.ts';
import { lambda } from '../stack.ts';

const ports = {
  journal: journal(),
  locks: locks(),
  statistics: statistics(),
  target: observedTargets(),
  waits: waits(),
};

export const handler = lambda(ObservedEvent, (event) => observeEvent(ports, event));
