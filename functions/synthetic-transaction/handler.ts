import { secrets } from '../../lib/adapters/aws/wiring/measures.ts';
import { journal } from '../../lib/adapters/aws/wiring/records.ts';
import { systemClock as clock } from '../../lib/adapters/clock.ts';
import { syntheticTransaction } from '../../lib/adapters/http/synthetic-transaction.ts';
import { oneKind } from '../../lib/adapters/one-kind.ts';
import { RunValidationInput, runValidation } from '../../lib/steps/run-validation.ts';
import { lambda } from '../stack.ts';

const ports = { clock, journal: journal(), secrets: secrets() };
const validator = oneKind('synthetic-transaction', { judge: syntheticTransaction(ports) });

export const handler = lambda(RunValidationInput, (input) => runValidation(ports, validator, input));
