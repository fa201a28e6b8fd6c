import * as v from 'valibot';
import { alarms, safetySwitch } from '../../lib/adapters/aws/wiring/guardrails.ts';
import { announcer } from '../../lib/adapters/aws/wiring/people.ts';
import { journal, locks, series, waits } from '../../lib/adapters/aws/wiring/records.ts';
import { observedTargets, probes } from '../../lib/adapters/aws/wiring/targets.ts';
import { systemClock as clock } from '../../lib/adapters/clock.ts';
import { witness } from '../../lib/steps/witness.ts';
import { lambda } from '../stack.ts';

/** A function may run for 15 minutes; the next run follows at once. */
const WATCH_FOR_MS = 14 * 60_000;

const ports = {
  alarms: alarms(),
  announcer: announcer(),
  clock,
  journal: journal(),
  locks: locks(),
  probe: probes(),
  safetySwitch: safetySwitch(),
  series: series(),
  target: observedTargets(),
  waits: waits(),
};

export const handler = lambda(v.object({ drillId: v.string() }), ({ drillId }) =>
  witness(ports, { drillId, watchForMs: WATCH_FOR_MS }),
);
