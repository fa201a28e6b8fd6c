import { versionUniformityOf } from '../../lib/adapters/aws/ecs/version-uniformity.ts';
import { clock, journal, services } from '../../lib/adapters/aws/wiring.ts';
import { oneKind } from '../../lib/adapters/one-kind.ts';
import { RunValidationInput, runValidation } from '../../lib/steps/run-validation.ts';
import { lambda } from '../stack.ts';

const ports = { clock, journal: journal(), service: services() };
const validator = oneKind('version-uniformity', { judge: versionUniformityOf(ports) });

export const handler = lambda(RunValidationInput, (input) => runValidation(ports, validator, input));
