import { clock, journal } from '../../lib/adapters/aws/wiring.ts';
import { validatorByKind } from '../../lib/adapters/http/validator.ts';
import { RunValidationInput, runValidation } from '../../lib/steps/run-validation.ts';
import { lambda } from '../stack.ts';

const ports = { clock, journal: journal(), validate: validatorByKind(clock) };

export const handler = lambda(RunValidationInput, (input) => runValidation(ports, input));
