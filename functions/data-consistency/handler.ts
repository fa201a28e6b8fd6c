import { journal } from '../../lib/adapters/aws/wiring/records.ts';
import { systemClock as clock } from '../../lib/adapters/clock.ts';
import { oneKind } from '../../lib/adapters/one-kind.ts';
import { dataConsistency } from '../../lib/adapters/sql/data-consistency.ts';
import { databases } from '../../lib/adapters/sql/wiring.ts';
import { RunValidationInput, runValidation } from '../../lib/steps/run-validation.ts';
import { lambda } from '../stack.ts';

const ports = { clock, databases: databases(), journal: journal() };
const validator = oneKind('data-consistency', dataConsistency(ports.databases));

export const handler = lambda(RunValidationInput, (input) => runValidation(ports, validator, input));
