import { clock, journal, targets } from '../../lib/adapters/aws/wiring.ts';
import { StepInput } from '../../lib/steps/input.ts';
import { rehearse } from '../../lib/steps/rehearse.ts';
import { rollBack } from '../../lib/steps/roll-back.ts';
import { lambda } from '../stack.ts';

const ports = { clock, journal: journal(), target: targets() };

export const handler = lambda(
  StepInput,
  (input) => rollBack(ports, input),
  (drillId) => rehearse(ports, drillId),
);
