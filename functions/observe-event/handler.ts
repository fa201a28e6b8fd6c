import { journal, locks, targets, waits } from '../../lib/adapters/aws/wiring.ts';
import { DeploymentEvent, observeEvent } from '../../lib/steps/observe-event.ts';
import { lambda } from '../stack.ts';

const ports = { journal: journal(), locks: locks(), target: targets(), waits: waits() };

export const handler = lambda(DeploymentEvent, (event) => observeEvent(ports, event));
