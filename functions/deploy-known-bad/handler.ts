import { journal } from '../../lib/adapters/aws/wiring/records.ts';
import { deployedTargets } from '../../lib/adapters/aws/wiring/targets.ts';
import { systemClock as clock } from '../../lib/adapters/clock.ts';
import { deployKnownBad } from '../../lib/steps/deploy-known-bad.ts';
import { StepInput } from '../../lib/steps/input.ts';
import { lambda } from '../stack.ts';

const ports = { clock, journal: journal(), target: deployedTargets() };

export const handler = lambda(StepInput, (input) => deployKnownBad(ports, input));
