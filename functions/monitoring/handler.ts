import { monitoringOf } from '../../lib/adapters/aws/monitoring.ts';
import { alarms } from '../../lib/adapters/aws/wiring/guardrails.ts';
import { metrics } from '../../lib/adapters/aws/wiring/measures.ts';
import { journal, series } from '../../lib/adapters/aws/wiring/records.ts';
import { systemClock as clock } from '../../lib/adapters/clock.ts';
import { oneKind } from '../../lib/adapters/one-kind.ts';
import { RunValidationInput, runValidation } from '../../lib/steps/run-validation.ts';
import { lambda } from '../stack.ts';

const ports = { clock, journal: journal(), alarms: alarms(), metrics: metrics(), series: series() };
const validator = oneKind('monitoring', monitoringOf(ports));

export const handler = lambda(RunValidationInput, (input) => runValidation(ports, validator, input));
