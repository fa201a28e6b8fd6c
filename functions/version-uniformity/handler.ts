import { versionUniformityOf } from '../../lib/adapters/aws/ecs/version-uniformity.ts';
import { journal } from '../../lib/adapters/aws/wiring/records.ts';
import { pipelines, services } from '../../lib/adapters/aws/wiring/targets.ts';
import { systemClock as clock } from '../../lib/adapters/clock.ts';
import { oneKind } from '../../lib/adapters/one-kind.ts';
import { RunValidationInput, runValidation } from '../../lib/steps/run-validation.ts';
import { lambda } from '../stack.ts';

const ports = { clock, journal: journal(), service: services(), pipeline: pipelines() };
const validator = oneKind('version-uniformity', { judge: versionUniformityOf(ports) });

export const handler = lambda(RunValidationInput, (input) => runValidation(ports, validator, input));
