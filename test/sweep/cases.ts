import {
  type Accident,
  CALL_FAULTS,
  type Call,
  type CallFault,
  EVENT_FAULTS,
  FUNCTION_FAULTS,
} from './accidents.ts';
import type { Aftermath, Scenario } from './drill.ts';
import { keyOf } from './traffic.ts';

/** One drill of the sweep: what it is based on, and what goes wrong in it. */
export interface Case {
  readonly scenario: string;
  /** The call, state or event. */
  readonly what: string;
  readonly fault: string;
  readonly accidents: readonly Accident[];
}

const STOPPED: Accident = { kind: 'stopped', phase: 'AwaitTrigger', afterMs: 4_000 };
const STOP_DENIED: Accident = {
  kind: 'outage',
  operations: ['ecs.StopServiceDeployment'],
  from: 'LoadPlan',
  fault: 'denied',
  forMs: Number.MAX_SAFE_INTEGER,
};

export interface SweptScenario extends Scenario {
  /** Whose calls meet faults: in the first scenario everybody's, in the others only of those who do something else there. */
  readonly swept: 'everything' | readonly string[];
}

/** Drills whose every call meets every fault. */
export const SCENARIOS: readonly SweptScenario[] = [
  { name: 'clean', plan: 'swept', knownBad: 'bad', breaker: true, accidents: [], swept: 'everything' },
  {
    name: 'by the watchdog',
    plan: 'swept',
    knownBad: 'bad',
    breaker: true,
    accidents: [STOPPED],
    swept: ['Watchdog'],
  },
  {
    name: 'second path',
    plan: 'swept',
    knownBad: 'bad',
    breaker: true,
    accidents: [STOP_DENIED],
    swept: ['RollBack', 'AwaitRestored'],
  },
  {
    name: 'rolls itself back',
    plan: 'swept',
    knownBad: 'crashes',
    breaker: true,
    accidents: [],
    swept: ['DecideRollback', 'RollBack'],
  },
  {
    name: 'asks a person',
    plan: 'asking',
    knownBad: 'bad',
    breaker: true,
    accidents: [],
    swept: ['AwaitDecision', 'DecideRollback'],
  },
];

/** What a scenario comes to without an accident, for the cases that are made of it. */
export type Recorded = Pick<Aftermath, 'calls' | 'events' | 'entered' | 'invocations'>;

/** Every case of a scenario, made of what was recorded when it went undisturbed. Those of the first are complete. */
export function casesOf(scenario: SweptScenario, recorded: Recorded): readonly Case[] {
  const make: Make = (what, fault, ...accidents) => ({ scenario: scenario.name, what, fault, accidents });
  const calls = recorded.calls.filter(
    ({ who }) => scenario.swept === 'everything' || scenario.swept.includes(who),
  );
  return [
    ...callCases(calls, make),
    ...(scenario.swept === 'everything'
      ? [
          ...functionCases(recorded, make),
          ...stateCases(recorded, make),
          ...eventCases(recorded, make),
          ...outages(recorded, make),
        ]
      : []),
  ];
}

type Make = (what: string, fault: string, ...accidents: Accident[]) => Case;

const WRITES = /Put|Update|Delete|Transact|Create|Stop|Start|Send|Publish|Register/;
/** Faults of a call that stands for others, beside those that its like has met already. */
const FURTHER = 2;

/**
 * The same call comes again and again while something is watched. The first one of its kind in a state meets every fault;
 * the second and the last one meet some, in turn, so that all of them come about.
 */
function callCases(calls: readonly Call[], make: Make): readonly Case[] {
  let turn = 0;
  return [...Map.groupBy(calls, keyOf).values()].flatMap((same) => {
    const [first, second, last] = [same[0], same[1], same.at(-1)];
    const further = [...new Set([second, last])].filter((call) => call !== undefined && call !== first);
    return [
      ...(first ? CALL_FAULTS.map((fault) => callCase(first, fault, 'all', make)) : []),
      ...(first && WRITES.test(first.operation)
        ? CURED_ODDLY.map((fault) => callCase(first, fault, 'first', make))
        : []),
      ...further.flatMap((call) =>
        Array.from({ length: FURTHER }, () => {
          turn += 1;
          return callCase(call as Call, CALL_FAULTS[turn % CALL_FAULTS.length] ?? 'reset', 'all', make);
        }),
      ),
    ];
  });
}

/** What the client's own repetition cures is of interest where the first attempt had its effect. */
const CURED_ODDLY = ['unanswered-after', 'late'] as const;

function callCase(call: Call, fault: CallFault, attempts: 'first' | 'all', make: Make): Case {
  const times = attempts === 'first' ? ', once' : '';
  return make(`${keyOf(call)} #${call.nth}`, `${fault}${times}`, { kind: 'call', call, fault, attempts });
}

function functionCases({ invocations }: Recorded, make: Make): readonly Case[] {
  const names = [...new Set(invocations.map((invocation) => invocation.split('#')[0] ?? ''))];
  return names.flatMap((name) =>
    (['every', 1] as const).flatMap((nth) =>
      FUNCTION_FAULTS.map((fault) =>
        make(`function ${name}`, nth === 'every' ? `${fault}, always` : fault, {
          kind: 'function',
          name,
          nth,
          fault,
        }),
      ),
    ),
  );
}

function stateCases({ entered }: Recorded, make: Make): readonly Case[] {
  return [...entered].flatMap(([phase, afterSeconds]) => [
    ...[0, 40, 900].map((afterMs) =>
      make(`state ${phase}`, `stopped after ${afterMs} ms`, { kind: 'stopped', phase, afterMs }),
    ),
    make(`state ${phase}`, 'execution times out', {
      kind: 'timed-out',
      phase,
      afterSeconds: Math.max(1, Math.ceil(afterSeconds - 30)),
    }),
  ]);
}

function eventCases({ events }: Recorded, make: Make): readonly Case[] {
  return events.flatMap((event) => {
    const [name = '', nth] = event.split('#');
    return EVENT_FAULTS.map((fault) =>
      make(`event ${event}`, fault, { kind: 'event', name, nth: Number(nth), fault }),
    );
  });
}

const FOR_GOOD = Number.MAX_SAFE_INTEGER;
const LONG_MS = 40 * 60_000;

/** What breaks and stays broken, from each state on; the stores come back after a while. */
function outages({ entered }: Recorded, make: Make): readonly Case[] {
  return [...entered.keys()].flatMap((from) =>
    [
      { what: 'every call to ECS', operations: ['ecs.'], fault: 'denied', forMs: FOR_GOOD },
      {
        what: 'every change of ECS',
        operations: ['ecs.Update', 'ecs.Stop'],
        fault: 'denied',
        forMs: FOR_GOOD,
      },
      { what: 'DynamoDB', operations: ['dynamodb.'], fault: 'unanswered-before', forMs: LONG_MS },
      { what: 'DynamoDB', operations: ['dynamodb.'], fault: 'unavailable', forMs: LONG_MS },
      { what: 'S3', operations: ['s3.'], fault: 'unavailable', forMs: LONG_MS },
      { what: 'DynamoDB and S3', operations: ['dynamodb.', 's3.'], fault: 'reset', forMs: LONG_MS },
      { what: 'SNS', operations: ['sns.'], fault: 'denied', forMs: FOR_GOOD },
      { what: 'Step Functions', operations: ['states.'], fault: 'unavailable', forMs: LONG_MS },
      { what: 'everything', operations: [''], fault: 'reset', forMs: 5 * 60_000 },
    ].map(({ what, operations, fault, forMs }) =>
      make(
        `${what} from ${from} on`,
        `${fault} ${forMs === FOR_GOOD ? 'for good' : `for ${forMs / 60_000} min`}`,
        {
          kind: 'outage',
          operations,
          from,
          fault: fault as 'denied',
          forMs,
        },
      ),
    ),
  );
}
