import { announcer, journal, targets, waits } from '../../lib/adapters/aws/wiring.ts';
import { awaitDecision } from '../../lib/steps/await-decision.ts';
import { WaitInput } from '../../lib/steps/input.ts';
import { lambda } from '../stack.ts';

const ports = { announcer: announcer(), journal: journal(), target: targets(), waits: waits() };

export const handler = lambda(WaitInput, (input) => awaitDecision(ports, input));
