import { journal, locks, statistics, targets, waits } from '../../lib/adapters/aws/wiring.ts';
import { ObservedEvent, observeEvent } from '../../lib/steps/observe-event.ts';
import { lambda } from '../stack.ts';

const ports = {
  journal: journal(),
  locks: locks(),
  statistics: statistics(),
  target: targets(),
  waits: waits(),
};

export const handler = lambda(ObservedEvent, (event) => observeEvent(ports, event));
