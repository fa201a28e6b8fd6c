import { monitoringOf } from '../../lib/adapters/aws/monitoring.ts';
import { alarms, clock, journal, metrics, series } from '../../lib/adapters/aws/wiring.ts';
import { oneKind } from '../../lib/adapters/one-kind.ts';
import { RunValidationInput, runValidation } from '../../lib/steps/run-validation.ts';
import { lambda } from '../stack.ts';

const ports = { clock, journal: journal(), alarms: alarms(), metrics: metrics(), series: series() };
const validator = oneKind('monitoring', monitoringOf(ports));

export const handler = lambda(RunValidationInput, (input) => runValidation(ports, validator, input));
