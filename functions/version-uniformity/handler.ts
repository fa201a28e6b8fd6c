import { versionUniformityOf } from '../../lib/adapters/aws/ecs/version-uniformity.ts';
import { clock, journal, pipelines, services } from '../../lib/adapters/aws/wiring.ts';
import { oneKind } from '../../lib/adapters/one-kind.ts';
import { RunValidationInput, runValidation } from '../../lib/steps/run-validation.ts';
import { lambda } from '../stack.ts';

const ports = { clock, journal: journal(), service: services(), pipeline: pipelines() };
const validator = oneKind('version-uniformity', { judge: versionUniformityOf(ports) });

export const handler = lambda(RunValidationInput, (input) => runValidation(ports, validator, input));
