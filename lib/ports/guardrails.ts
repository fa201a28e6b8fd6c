import type { ImageFound, ImageReference } from '../drill/guardrails/images.ts';
import type { Alarm, Channel, DependencyHealth } from '../drill/guardrails/surroundings.ts';
import type { CalendarState } from '../drill/guardrails/time.ts';
import type { Dependency, Plan } from '../drill/plan/plan.ts';
import type { SafetySwitchState } from '../drill/safety-switch.ts';

/** The account-wide switch that blocks new drills and stops running ones. */
export interface SafetySwitch {
  /** Where it lies, for people. */
  readonly parameter: string;
  read(): Promise<SafetySwitchState>;
  set(state: SafetySwitchState & { readonly kind: 'on' | 'off' }): Promise<void>;
}

export interface Alarms {
  /** Those of the names that are there, in any order. */
  states(names: readonly string[]): Promise<readonly Alarm[]>;
}

/** The state of a change calendar now; throws when there is none of that name. */
export type Calendars = (name: string) => Promise<CalendarState>;

/** What the registry of an image says of it. */
export type Images = (image: ImageReference) => Promise<ImageFound>;

/** Where people hear of the drills of a plan. */
export type Channels = (plan: Plan) => Promise<Channel>;

/** One look at a dependent service. Never throws: what goes wrong is told. */
export type Dependencies = (dependency: Dependency) => Promise<DependencyHealth>;
