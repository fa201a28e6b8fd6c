import { journal } from '../../lib/adapters/aws/wiring/records.ts';
import { systemClock as clock } from '../../lib/adapters/clock.ts';
import { decideRollback } from '../../lib/steps/decide-rollback.ts';
import { StepInput } from '../../lib/steps/input.ts';
import { lambda } from '../stack.ts';

const ports = { clock, journal: journal() };

export const handler = lambda(StepInput, (input) => decideRollback(ports, input), ports.journal.read);
