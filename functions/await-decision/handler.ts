import { announcer } from '../../lib/adapters/aws/wiring/people.ts';
import { journal, waits } from '../../lib/adapters/aws/wiring/records.ts';
import { observedTargets } from '../../lib/adapters/aws/wiring/targets.ts';
import { awaitDecision } from '../../lib/steps/await-decision.ts';
import { WaitInput } from '../../lib/steps/input.ts';
import { lambda } from '../stack.ts';

const ports = { announcer: announcer(), journal: journal(), target: observedTargets(), waits: waits() };

export const handler = lambda(WaitInput, (input) => awaitDecision(ports, input));
