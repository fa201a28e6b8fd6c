import type { Accident } from './accidents.ts';
import type { Scenario } from './drill.ts';
import { TRIGGER_ALARM } from './plan.ts';

export interface SweptScenario extends Scenario {
  /** Which calls meet faults, by the beginning of their name: in the first scenario all, in the others only what is done otherwise there. */
  readonly swept: 'everything' | readonly string[];
  /** Which events do, by the beginning of their name, where not everything does. */
  readonly events?: string;
}

const STOPPED: Accident = { kind: 'stopped', phase: 'AwaitTrigger', afterMs: 4_000 };
const STOP_DENIED: Accident = {
  kind: 'outage',
  operations: ['ecs.StopServiceDeployment'],
  from: 'LoadPlan',
  fault: 'denied',
  forMs: Number.MAX_SAFE_INTEGER,
};

const ALARMED = 'CloudWatch Alarm State Change: ';
const ALARM_LOST: Accident = {
  kind: 'event',
  name: `${ALARMED}${TRIGGER_ALARM} is ALARM`,
  nth: 1,
  fault: 'lost',
};

/** Drills whose every call meets every fault. */
export const SCENARIOS: readonly SweptScenario[] = [
  { name: 'clean', plan: 'swept', knownBad: 'bad', accidents: [], swept: 'everything' },
  {
    name: 'by the watchdog',
    plan: 'swept',
    knownBad: 'bad',
    accidents: [STOPPED],
    swept: ['Watchdog in ', 'SealReceipt in '],
  },
  {
    name: 'second path',
    plan: 'swept',
    knownBad: 'bad',
    accidents: [STOP_DENIED],
    swept: ['RollBack in '],
  },
  {
    name: 'rolls itself back',
    plan: 'swept',
    knownBad: 'crashes',
    accidents: [],
    swept: ['RollBack in '],
  },
  {
    name: 'asks a person',
    plan: 'asking',
    knownBad: 'bad',
    accidents: [],
    // The witness pages there for a trigger that only asks for that.
    swept: ['AwaitDecision in ', 'Witness in AwaitDecision: sns.'],
  },
  {
    name: 'caught by an alarm',
    plan: 'swept',
    knownBad: 'unsold',
    accidents: [],
    swept: ['ObserveEvent in AwaitTrigger'],
    events: ALARMED,
  },
  {
    name: 'caught by an alarm of which no event tells',
    plan: 'swept',
    knownBad: 'unsold',
    accidents: [ALARM_LOST],
    // The first reading after it has gone to ALARM.
    swept: ['Witness in AwaitTrigger: cloudwatch.DescribeAlarms #2'],
  },
  {
    name: 'through a pipeline',
    plan: 'piped',
    knownBad: 'bad',
    accidents: [],
    swept: ['DeployKnownBad in ', 'RollBack in ', 'SealReceipt in SealReceipt: codepipeline.'],
    events: 'CodePipeline ',
  },
];
