import { configurationOf } from '../../lib/adapters/aws/ecs/configuration.ts';
import { clock, images, journal, secretVersions, services } from '../../lib/adapters/aws/wiring.ts';
import { oneKind } from '../../lib/adapters/one-kind.ts';
import { RunValidationInput, runValidation } from '../../lib/steps/run-validation.ts';
import { lambda } from '../stack.ts';

const ports = {
  clock,
  journal: journal(),
  service: services(),
  images: images(),
  versions: secretVersions(),
};
const validator = oneKind('configuration', configurationOf(ports));

export const handler = lambda(RunValidationInput, (input) => runValidation(ports, validator, input));
