import { configurationOf } from '../../lib/adapters/aws/ecs/configuration.ts';
import { images } from '../../lib/adapters/aws/wiring/guardrails.ts';
import { secretVersions } from '../../lib/adapters/aws/wiring/measures.ts';
import { journal } from '../../lib/adapters/aws/wiring/records.ts';
import { services } from '../../lib/adapters/aws/wiring/targets.ts';
import { systemClock as clock } from '../../lib/adapters/clock.ts';
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
