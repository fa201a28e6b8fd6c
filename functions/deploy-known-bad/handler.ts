import { clock, journal, targets } from '../../lib/adapters/aws/wiring.ts';
import { deployKnownBad } from '../../lib/steps/deploy-known-bad.ts';
import { StepInput } from '../../lib/steps/input.ts';
import { lambda } from '../stack.ts';

const ports = { clock, journal: journal(), target: targets() };

export const handler = lambda(StepInput, (input) => deployKnownBad(ports, input));
