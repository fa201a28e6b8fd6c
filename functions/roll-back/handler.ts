import { journal } from '../../lib/adapters/aws/wiring/records.ts';
import { rolledBackTargets } from '../../lib/adapters/aws/wiring/targets.ts';
import { systemClock as clock } from '../../lib/adapters/clock.ts';
import { StepInput } from '../../lib/steps/input.ts';
import { rehearse } from '../../lib/steps/rehearse.ts';
import { rollBack } from '../../lib/steps/roll-back.ts';
import { lambda } from '../stack.ts';

const ports = { clock, journal: journal(), target: rolledBackTargets() };

export const handler = lambda(
  StepInput,
  (input) => rollBack(ports, input),
  (drillId) => rehearse(ports, 'steering', drillId),
);
