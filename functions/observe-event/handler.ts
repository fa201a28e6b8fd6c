import { journal, locks, statistics, waits } from '../../lib/adapters/aws/wiring/records.ts';
import { observedTargets } from '../../lib/adapters/aws/wiring/targets.ts';
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
