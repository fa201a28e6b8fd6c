import type { Plan } from '../drill/plan/plan.ts';
import type { Clock } from './clock.ts';
import type { Journal, Plans } from './drills.ts';
import type { Alarms, Calendars, Channels, Dependencies, Images, SafetySwitch } from './guardrails.ts';
import type { Locks } from './locks.ts';
import type { Announcer } from './people.ts';
import type { Receipts } from './receipts.ts';
import type { Sealer } from './sealer.ts';
import type { StatisticsStore } from './statistics.ts';
import type { Migrations, Target } from './target.ts';
import type { Validations } from './validations.ts';
import type { Deadline, Executions, Waits, Warmer } from './waits.ts';
import type { Probe, Series, WitnessRuns } from './witness.ts';

export interface Ports {
  readonly clock: Clock;
  readonly plans: Plans;
  readonly journal: Journal;
  readonly locks: Locks;
  readonly waits: Waits;
  readonly target: (plan: Plan) => Target;
  readonly migrations: Migrations;
  readonly probe: (plan: Plan) => Probe;
  readonly validations: Validations;
  readonly witness: WitnessRuns;
  readonly series: Series;
  readonly deadline: Deadline;
  readonly executions: Executions;
  readonly receipts: Receipts;
  readonly sealer: Sealer;
  readonly statistics: StatisticsStore;
  readonly announcer: Announcer;
  readonly warmer: Warmer;
  readonly safetySwitch: SafetySwitch;
  readonly alarms: Alarms;
  readonly calendars: Calendars;
  readonly images: Images;
  readonly channels: Channels;
  readonly dependencies: Dependencies;
  /** The environments whose plans may be drilled here. */
  readonly environments: readonly string[];
}
