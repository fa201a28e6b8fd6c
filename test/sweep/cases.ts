import {
  type Accident,
  CALL_FAULTS,
  type Call,
  type CallFault,
  EVENT_FAULTS,
  FUNCTION_FAULTS,
} from './accidents.ts';
import { keyOf } from './calls.ts';
import type { Aftermath } from './drill.ts';
import type { MutantName } from './mutants.ts';
import type { SweptScenario } from './scenarios.ts';

/** One drill of the sweep: what it is based on, and what goes wrong in it. */
export interface Case {
  readonly scenario: string;
  /** The call, state or event. */
  readonly what: string;
  readonly fault: string;
  readonly accidents: readonly Accident[];
  /** What is taken out of the product, to see whether it is noticed. */
  readonly mutant?: MutantName;
}

/** What a scenario comes to without an accident, for the cases that are made of it. */
export type Recorded = Pick<Aftermath, 'calls' | 'events' | 'entered' | 'invocations'>;

/** Every case of a scenario, made of what was recorded when it went undisturbed. Those of the first are complete. */
export function casesOf(scenario: SweptScenario, recorded: Recorded): readonly Case[] {
  const make: Make = (what, fault, ...accidents) => ({ scenario: scenario.name, what, fault, accidents });
  const { swept, events } = scenario;
  const calls = recorded.calls.filter(
    (call) => swept === 'everything' || swept.some((beginning) => nameOf(call).startsWith(beginning)),
  );
  return [
    ...callCases(calls, make),
    ...(events === undefined ? [] : eventCases(recorded, make, events)),
    ...(swept === 'everything'
      ? [
          ...overtakenCases(recorded.calls, make),
          ...functionCases(recorded, make),
          ...stateCases(recorded, make),
          ...eventCases(recorded, make),
          ...outages(recorded, make),
        ]
      : []),
  ];
}

type Make = (what: string, fault: string, ...accidents: Accident[]) => Case;

const WRITES = /Put|Update|Delete|Transact|Create|Stop|Start|Send|Publish|Register|Invoke/;
/** Functions that act on the target: each of their calls is of a kind of its own. */
const ACTING = new Set(['DeployKnownBad', 'RollBack', 'Watchdog']);
/** What reads has no effect that could come late, or of which nobody hears. */
const READ_FAULTS = CALL_FAULTS.filter((fault) => fault !== 'unanswered-after' && fault !== 'late');
/** How many faults a call meets whose like has met all of them in another state; and one that is a mere repetition. */
const IN_ANOTHER_STATE = 2;
const REPEATED = 1;

/**
 * The first call of its kind meets every fault. The same in another state, and its repetitions while something is watched
 * (the second and the last one), meet some in turn, so that all of them come about.
 */
function callCases(calls: readonly Call[], make: Make): readonly Case[] {
  const known = new Set<string>();
  let turn = 0;
  return [...Map.groupBy(calls, keyOf).values()].flatMap((same) => {
    const [first, ...further] = [...new Set([same[0], same[1], same.at(-1)])].filter(
      (call) => call !== undefined,
    );
    if (!first) return [];
    const faults = WRITES.test(first.operation) ? CALL_FAULTS : READ_FAULTS;
    const some = (call: Call, count: number): readonly Case[] =>
      Array.from({ length: count }, () =>
        callCase(call, faults[turn++ % faults.length] ?? 'reset', 'all', make),
      );
    const isOwn = WRITES.test(first.operation) || ACTING.has(first.who);
    const kind = isOwn ? `${first.who} ${first.operation}` : first.operation;
    const isKnown = known.has(kind);
    known.add(kind);
    const odd = WRITES.test(first.operation) && !isKnown ? CURED_ODDLY : [];
    return [
      ...(isKnown
        ? some(first, IN_ANOTHER_STATE)
        : faults.map((fault) => callCase(first, fault, 'all', make))),
      ...odd.map((fault) => callCase(first, fault, 'first', make)),
      ...further.flatMap((call) => some(call, REPEATED)),
    ];
  });
}

/** What the client's own repetition cures is of interest where the first attempt had its effect. */
const CURED_ODDLY = ['unanswered-after', 'late'] as const;

function overtakenCases(calls: readonly Call[], make: Make): readonly Case[] {
  return calls
    .filter(({ who, phase }) => who === phase && ACTING.has(who))
    .map((call) => overtakenCase(call, make));
}

/** The execution is stopped, and the watchdog at work, while an old executor waits for an answer: then it goes on. */
function overtakenCase(call: Call, make: Make): Case {
  const stopped: Accident = { kind: 'stopped', phase: call.phase, afterMs: 0 };
  const slow: Accident = { kind: 'call', call, fault: 'unanswered-before', attempts: 'first' };
  return make(nameOf(call), 'slow, and stopped meanwhile', stopped, slow);
}

function nameOf(call: Call): string {
  return `${keyOf(call)} #${call.nth}`;
}

function callCase(call: Call, fault: CallFault, attempts: 'first' | 'all', make: Make): Case {
  const times = attempts === 'first' ? ', once' : '';
  return make(nameOf(call), `${fault}${times}`, { kind: 'call', call, fault, attempts });
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

function eventCases({ events }: Recorded, make: Make, beginning = ''): readonly Case[] {
  const swept = events.filter((event) => event.startsWith(beginning));
  return swept.flatMap((event) => {
    const [name = '', nth] = event.split('#');
    return EVENT_FAULTS.map((fault) =>
      make(`event ${event}`, fault, { kind: 'event', name, nth: Number(nth), fault }),
    );
  });
}

const FOR_GOOD = Number.MAX_SAFE_INTEGER;
/** Longer than a function may run: whoever waits for the end of it must be woken again. */
const LONG_MS = 20 * 60_000;

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
