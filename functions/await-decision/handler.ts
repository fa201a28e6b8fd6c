import { observedTargets } from '../../lib/adapters/aws/target-wiring.ts';
import { announcer, journal, waits } from '../../lib/adapters/aws/wiring.ts';
import { awaitDecision } from '../../lib/steps/await-decision.ts';
import { WaitInput } from '../../lib/steps/input.ts';
import { lambda } from '../stack.ts';

const ports = { announcer: announcer(), journal: journal(), target: observedTargets(), waits: waits() };

export const handler = lambda(WaitInput, (input) => awaitDecision(ports, input));
