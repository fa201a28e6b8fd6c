import { type Catcher, followers, type Machine, type State, statesOf, tasksOf } from './definitions.ts';
import { expressionsIn, hasNumbers, tooMuchIn, variablesIn } from './expressions.ts';

/** What an independent validator of definitions does not see. Each rule answers what is wrong, or nothing. */
type Rule = (machine: Machine) => readonly string[];

const choicesHaveDefaults: Rule = (machine) =>
  statesOf(machine)
    .filter(([, state]) => state.Type === 'Choice' && state.Default === undefined)
    .map(([name]) => `${name} has no Default`);

/** Members that end in `.$` and intrinsic functions belong to JSONPath; in JSONata they are taken literally. */
const noJsonPath: Rule = (machine) =>
  [...JSON.stringify(machine).matchAll(/"[^"]*\.\$"(?=:)|States\.(?=[A-Z][a-zA-Z0-9]+\()\w+/g)].map(
    ([found]) => `${found} is not JSONata`,
  );

const expressionsArePlain: Rule = (machine) =>
  expressionsIn(machine, '').flatMap(({ place, source }) =>
    tooMuchIn(source).map((found) => `${place}: ${found} in '${source}'`),
  );

/** Thresholds are decided in TypeScript: no condition knows a number. */
const noThresholds: Rule = (machine) =>
  statesOf(machine).flatMap(([name, { Choices = [] }]) =>
    expressionsIn(Choices, name)
      .filter(({ source }) => hasNumbers(source))
      .map(({ place, source }) => `${place}: a number in '${source}'`),
  );

/** A variable that no way to a state has assigned gives nothing there, and the execution dies. */
const variablesAreAssigned: Rule = (machine) => unassigned(machine, new Set());

const tasksHaveTimeLimits: Rule = (machine) =>
  tasksOf(machine).flatMap(([name, { TimeoutSeconds: limit, HeartbeatSeconds: heartbeat }]) => [
    ...(limit === undefined ? [`${name} has no TimeoutSeconds`] : []),
    ...(heartbeat !== undefined && heartbeat === limit ? [`${name} may be silent until its limit`] : []),
    ...(typeof heartbeat === 'number' && typeof limit === 'number' && heartbeat >= limit
      ? [`${name} may be silent for ${heartbeat} s ≥ ${limit} s`]
      : []),
  ]);

const WHATEVER_FAILED = ['States.ALL', 'States.TaskFailed', 'States.Timeout'];

/** What may have had an effect is repeated only for errors that have a name. */
const retriesNameTheirErrors: Rule = (machine) =>
  tasksOf(machine).flatMap(([name, { Retry = [] }]) => [
    ...(Retry.length === 0 ? [`${name} is never tried again`] : []),
    ...Retry.flatMap(({ ErrorEquals }) => ErrorEquals)
      .filter((error) => WHATEVER_FAILED.includes(error))
      .map((error) => `${name} is tried again on ${error}`),
  ]);

const retriesAreLimitedAndSpread: Rule = (machine) =>
  tasksOf(machine).flatMap(([name, { Retry = [] }]) =>
    Retry.filter(({ MaxAttempts, JitterStrategy }) => !MaxAttempts || JitterStrategy !== 'FULL').map(
      ({ ErrorEquals }) => `${name} is tried again on ${ErrorEquals[0]} without a limit or at one pace`,
    ),
  );

/** Tasks of a Map are caught by the Map. */
const everythingIsCaught: Rule = ({ States }) =>
  Object.entries(States)
    .filter(([, { Type }]) => Type === 'Task' || Type === 'Map')
    .flatMap(([name, { Catch = [] }]) => [
      ...(catchesAll(Catch.at(-1)) ? [] : [`${name}: the last catcher is not for States.ALL alone`]),
      ...Catch.slice(0, -1)
        .filter(({ ErrorEquals }) => ErrorEquals.includes('States.ALL'))
        .map(() => `${name}: catchers after States.ALL are never reached`),
    ]);

const TOKEN = '{% $states.context.Task.Token %}';

/** Whoever waits for a token must give it away; whoever does not wait has none. */
const tokensAreGiven: Rule = (machine) =>
  tasksOf(machine)
    .filter(([, state]) => waits(state) !== Object.values(state.Arguments?.Payload ?? {}).includes(TOKEN))
    .map(
      ([name, state]) =>
        `${name} ${waits(state) ? 'waits for a token that nobody gets' : 'has no token to give'}`,
    );

export const RULES = {
  choicesHaveDefaults,
  noJsonPath,
  expressionsArePlain,
  noThresholds,
  variablesAreAssigned,
  tasksHaveTimeLimits,
  retriesNameTheirErrors,
  retriesAreLimitedAndSpread,
  everythingIsCaught,
  tokensAreGiven,
} satisfies Readonly<Record<string, Rule>>;

export function waits({ Resource = '' }: State): boolean {
  return Resource.endsWith('.waitForTaskToken');
}

function catchesAll(catcher: Catcher | undefined): boolean {
  return catcher?.ErrorEquals.length === 1 && catcher.ErrorEquals[0] === 'States.ALL';
}

function unassigned(machine: Machine, outside: ReadonlySet<string>): readonly string[] {
  const before = assignedBefore(machine, outside);
  return Object.entries(machine.States).flatMap(([name, { ItemProcessor, ...state }]) => {
    const there = before.get(name) ?? new Set();
    return [
      ...expressionsIn(state, name).flatMap(({ place, source }) =>
        [...variablesIn(source)].filter((used) => !there.has(used)).map((used) => `${place}: $${used}`),
      ),
      ...(ItemProcessor ? unassigned(ItemProcessor, there) : []),
    ];
  });
}

/** By state the variables that every way to it has assigned. Shrinks until nothing changes, so it ends. */
function assignedBefore(machine: Machine, outside: ReadonlySet<string>): Map<string, ReadonlySet<string>> {
  const before = new Map<string, ReadonlySet<string>>([[machine.StartAt, outside]]);
  for (let changed = true; changed; ) {
    changed = false;
    for (const [name, state] of Object.entries(machine.States)) {
      const there = before.get(name);
      for (const [next, assigned] of there ? waysOut(state, there) : []) {
        const known = before.get(next);
        const both = known ? new Set([...known].filter((name) => assigned.has(name))) : assigned;
        changed ||= both.size !== known?.size;
        before.set(next, both);
      }
    }
  }
  return before;
}

/** What a state assigns is there after its success; a catcher assigns for itself. */
function waysOut(
  state: State,
  there: ReadonlySet<string>,
): readonly (readonly [string, ReadonlySet<string>])[] {
  const { Catch = [], ...success } = state;
  const after = having(there, state.Assign);
  return [
    ...followers(success).map((next) => [next, after] as const),
    ...Catch.map(({ Next, Assign }) => [Next, having(there, Assign)] as const),
  ];
}

function having(names: ReadonlySet<string>, more: object = {}): ReadonlySet<string> {
  return new Set([...names, ...Object.keys(more)]);
}
