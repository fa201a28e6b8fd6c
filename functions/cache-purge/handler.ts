import { purges, secrets } from '../../lib/adapters/aws/wiring/measures.ts';
import { journal } from '../../lib/adapters/aws/wiring/records.ts';
import { systemClock as clock } from '../../lib/adapters/clock.ts';
import { cachePurge } from '../../lib/adapters/http/cache-purge.ts';
import { oneKind } from '../../lib/adapters/one-kind.ts';
import { RunValidationInput, runValidation } from '../../lib/steps/run-validation.ts';
import { lambda } from '../stack.ts';

const ports = { clock, journal: journal(), secrets: secrets(), purges: purges() };
const validator = oneKind('cache-purge', { judge: cachePurge(ports) });

export const handler = lambda(RunValidationInput, (input) => runValidation(ports, validator, input));
