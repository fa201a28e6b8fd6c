import { backgroundWorkOf } from '../../lib/adapters/aws/background-work.ts';
import { metrics, queues } from '../../lib/adapters/aws/wiring/measures.ts';
import { journal } from '../../lib/adapters/aws/wiring/records.ts';
import { systemClock as clock } from '../../lib/adapters/clock.ts';
import { oneKind } from '../../lib/adapters/one-kind.ts';
import { RunValidationInput, runValidation } from '../../lib/steps/run-validation.ts';
import { lambda } from '../stack.ts';

const ports = { clock, journal: journal(), sqs: queues(), metrics: metrics() };
const validator = oneKind('background-work', backgroundWorkOf(ports));

export const handler = lambda(RunValidationInput, (input) => runValidation(ports, validator, input));
