import { readFileSync } from 'node:fs';

/** A state as it is written. Only what the lint looks at is named. */
export interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Condition: string; readonly Next: string }[];
  readonly Catch?: readonly Catcher[];
  readonly Retry?: readonly Retrier[];
  readonly Assign?: Readonly<Record<string, unknown>>;
  readonly Resource?: string;
  readonly Arguments?: { readonly FunctionName: string; readonly Payload: Readonly<Record<string, unknown>> };
  readonly TimeoutSeconds?: unknown;
  readonly HeartbeatSeconds?: unknown;
  readonly ItemProcessor?: Machine;
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly Assign?: Readonly<Record<string, unknown>>;
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly MaxAttempts?: number;
  readonly JitterStrategy?: string;
}

export interface Machine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

export const DRILL = definition('rollback-drill');
export const WITNESS = definition('witness');

/** Every state of the machine and of the machines inside it, by name. */
export function statesOf({ States }: Machine): readonly (readonly [name: string, state: State])[] {
  return Object.entries(States).flatMap(([name, state]) => [
    [name, state] as const,
    ...(state.ItemProcessor ? statesOf(state.ItemProcessor) : []),
  ]);
}

export function tasksOf(machine: Machine): readonly (readonly [name: string, state: State])[] {
  return statesOf(machine).filter(([, state]) => state.Type === 'Task');
}

/** The states that may follow, by success and by a caught error. */
export function followers({ Next, Default, Choices = [], Catch = [] }: State): readonly string[] {
  return [
    Next,
    Default,
    ...Choices.map((choice) => choice.Next),
    ...Catch.map((catcher) => catcher.Next),
  ].filter((name) => name !== undefined);
}

/** Where a machine can get to from a state without passing one of the others. The state itself is not in it, unless there is a way back. */
export function reachable({ States }: Machine, from: string, without: readonly string[] = []): Set<string> {
  const seen = new Set<string>();
  const left = [...followers(States[from] as State)];
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    if (seen.has(name) || without.includes(name)) continue;
    seen.add(name);
    left.push(...followers(States[name] as State));
  }
  return seen;
}

function definition(name: string): Machine {
  const file = new URL(`../../statemachines/${name}.asl.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Machine;
}
