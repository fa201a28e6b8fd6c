import type { TimeLimits } from '../../lib/drill/limits.ts';

/** What MiniStack 1.4.21 does not know that AWS knows, and what it is given instead. */
export const ADAPTATIONS = [
  'TimeoutSeconds and HeartbeatSeconds are expressions on AWS; MiniStack is given the numbers that the plan leads to',
  'the context has no State.RetryCount; it is given 0',
  'Items and Output of a Map are not read; Pass states before and after it do the same',
  'alarms on metric math are not made, so the plan recommends none; no event tells of an alarm, so the witness reads it',
  'what a schedule sends is sent as it is written; its time is put in where AWS puts it',
] as const;

/** What DecideRollback would tell when it asks a person; no plan of this drill does. */
const ASKED = { waitSeconds: 120, silenceSeconds: 30 };

/** Marks states that exist on this engine only, so that nobody counts them as visited. */
const ADDED = '~';

interface State {
  readonly Type: string;
  readonly [member: string]: unknown;
}

interface Definition {
  readonly States: Readonly<Record<string, State>>;
  readonly [member: string]: unknown;
}

/** The deployed definition in the words that MiniStack understands. Everything else stays as it was deployed. */
export function asMiniStackUnderstands(definition: string, limits: TimeLimits): string {
  const numbered = definition
    .replace(/"\{% \$limits\.(\w+) %\}"/g, (_, name: keyof TimeLimits) => String(limits[name]))
    .replaceAll('"{% $states.input.waitSeconds %}"', String(ASKED.waitSeconds))
    .replaceAll('"{% $states.input.silenceSeconds %}"', String(ASKED.silenceSeconds))
    .replaceAll('"{% $states.context.State.RetryCount %}"', '0');
  const parsed = JSON.parse(numbered) as Definition;
  const maps = Object.keys(parsed.States).filter((name) => parsed.States[name]?.Type === 'Map');
  return JSON.stringify({ ...parsed, States: maps.reduce(aroundMap, parsed.States) });
}

export function isOurs(state: string): boolean {
  return !state.includes(ADDED);
}

function aroundMap(states: Definition['States'], map: string): Definition['States'] {
  const { Items, Output, Next, ...rest } = states[map] ?? { Type: 'Map' };
  const before = `${map}${ADDED}items`;
  const after = `${map}${ADDED}output`;
  const redirected = Object.entries(states).map(([name, state]) => [name, redirect(state, map, before)]);
  return {
    ...Object.fromEntries(redirected),
    [before]: { Type: 'Pass', Output: Items, Next: map },
    [map]: { ...rest, Type: 'Map', Next: after },
    [after]: { Type: 'Pass', Output, Next },
  };
}

function redirect(state: State, from: string, to: string): State {
  const text = JSON.stringify(state).replaceAll(`"Next":"${from}"`, `"Next":"${to}"`);
  return JSON.parse(text.replaceAll(`"Default":"${from}"`, `"Default":"${to}"`)) as State;
}
