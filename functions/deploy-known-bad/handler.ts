import { deployedTargets } from '../../lib/adapters/aws/target-wiring.ts';
import { clock, journal } from '../../lib/adapters/aws/wiring.ts';
import { deployKnownBad } from '../../lib/steps/deploy-known-bad.ts';
import { StepInput } from '../../lib/steps/input.ts';
import { lambda } from '../stack.ts';

const ports = { clock, journal: journal(), target: deployedTargets() };

export const handler = lambda(StepInput, (input) => deployKnownBad(ports, input));
