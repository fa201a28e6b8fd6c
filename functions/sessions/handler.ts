import { clock, journal, secrets } from '../../lib/adapters/aws/wiring.ts';
import { sessions } from '../../lib/adapters/http/sessions.ts';
import { oneKind } from '../../lib/adapters/one-kind.ts';
import { RunValidationInput, runValidation } from '../../lib/steps/run-validation.ts';
import { lambda } from '../stack.ts';

const ports = { clock, journal: journal(), secrets: secrets() };
const validator = oneKind('sessions', sessions(ports));

export const handler = lambda(RunValidationInput, (input) => runValidation(ports, validator, input));
