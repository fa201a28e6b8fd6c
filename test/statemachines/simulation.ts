import jsonata from 'jsonata';
import type { Clock } from '../../lib/ports/clock.ts';
import type { Tokens } from '../fixtures/memory/waits.ts';
import type { Machine, Retrier, State } from './definitions.ts';
import { waits } from './lint.ts';

type Payload = Readonly<Record<string, unknown>>;

export interface Simulated {
  readonly machine: Machine;
  readonly name: string;
  readonly clock: Clock;
  readonly tokens: Tokens;
  /** Runs the function of a task; rejects with an error whose name the machine can match. */
  readonly invoke: (functionName: string, payload: Payload) => Promise<unknown>;
  /** Aborts the execution, as StopExecution does: what runs in a function goes on. */
  readonly stop: AbortSignal;
  readonly input: object;
}

export type Ending = 'SUCCEEDED' | 'FAILED' | 'ABORTED';

/** How often a waiting state looks whether it was told something. */
const LOOK_EVERY_MS = 200;
/** No drill of a test visits more states. */
const MOST_TRANSITIONS = 200;

/** Runs the definition itself in simulated time: as much of the language as the drill's machine uses, and no more. */
export async function simulate(run: Simulated): Promise<Ending> {
  const stopped = new Promise<Ending>((resolve) =>
    run.stop.addEventListener('abort', () => resolve('ABORTED')),
  );
  return Promise.race([stopped, transitions(run, run.machine, run.input, {})]);
}

async function transitions(
  run: Simulated,
  machine: Machine,
  firstInput: unknown,
  variables: Record<string, unknown>,
): Promise<Ending> {
  let name = machine.StartAt;
  let input = firstInput;
  for (let visit = 1; visit <= MOST_TRANSITIONS; visit++) {
    if (run.stop.aborted) return 'ABORTED';
    const state = machine.States[name] as State & Payload;
    if (state.Type === 'Succeed') return 'SUCCEEDED';
    if (state.Type === 'Fail') return 'FAILED';
    const scope = { run, name, state, input, variables, enteredAt: new Date(run.clock.now()).toISOString() };
    const next = state.Type === 'Choice' ? await chosen(scope) : await performed(scope);
    if (next.name === undefined) return 'SUCCEEDED';
    [name, input] = [next.name, next.output];
  }
  throw new Error(`the execution visits more than ${MOST_TRANSITIONS} states`);
}

interface Scope {
  readonly run: Simulated;
  readonly name: string;
  readonly state: State & Payload;
  readonly input: unknown;
  readonly variables: Record<string, unknown>;
  readonly enteredAt: string;
}

interface Next {
  /** `undefined` at the end of an item of a Map. */
  readonly name: string | undefined;
  readonly output: unknown;
}

async function chosen({ state, input, variables }: Scope): Promise<Next> {
  for (const { Condition, Next } of state.Choices ?? [])
    if (await evaluated(Condition, { ...variables, states: { input } })) return { name: Next, output: input };
  return { name: state.Default ?? '', output: input };
}

async function performed(scope: Scope): Promise<Next> {
  const { state, input, variables } = scope;
  try {
    const result = await PERFORMED[state.Type]?.(scope);
    const bindings = { ...variables, states: { input, result } };
    Object.assign(variables, await evaluated(state.Assign ?? {}, bindings));
    return { name: state.Next, output: await evaluated(state.Output, bindings) };
  } catch (error) {
    const { name, message } = error as Error;
    const catcher = state.Catch?.find(
      ({ ErrorEquals }) => ErrorEquals.includes(name) || ErrorEquals.includes('States.ALL'),
    );
    if (!catcher) throw error;
    const bindings = { ...variables, states: { input, errorOutput: { Error: name, Cause: message } } };
    return { name: catcher.Next, output: await evaluated((catcher as unknown as Payload).Output, bindings) };
  }
}

const PERFORMED: Readonly<Record<string, (scope: Scope) => Promise<unknown>>> = {
  Task: retried,
  Map: mapped,
  Pass: async () => undefined,
};

async function mapped({ run, state, variables }: Scope): Promise<unknown> {
  const items = (await evaluated(state.Items, variables)) as readonly unknown[];
  const machine = state.ItemProcessor as Machine;
  return Promise.all(items.map((item) => transitions(run, machine, item, { ...variables })));
}

async function retried(scope: Scope): Promise<unknown> {
  const made = new Map<Retrier, number>();
  for (let retries = 0; ; retries++) {
    try {
      return await attempted(scope, retries);
    } catch (error) {
      const retrier = scope.state.Retry?.find(({ ErrorEquals }) =>
        ErrorEquals.includes((error as Error).name),
      );
      const before = retrier ? (made.get(retrier) ?? 0) : 0;
      if (!retrier || before >= (retrier.MaxAttempts ?? 0)) throw error;
      made.set(retrier, before + 1);
      await scope.run.clock.sleep(1_000 * 2 ** before);
    }
  }
}

async function attempted(
  { run, name, state, input, variables, enteredAt }: Scope,
  retries: number,
): Promise<unknown> {
  const token = crypto.randomUUID();
  const context = {
    Execution: { Name: run.name, Id: `arn:execution:${run.name}`, StartTime: enteredAt, Input: run.input },
    State: { EnteredTime: enteredAt, RetryCount: retries },
    Task: { Token: token },
  };
  const bindings = { ...variables, states: { input, context } };
  const payload = (await evaluated(state.Arguments?.Payload, bindings)) as Payload;
  const limitMs = 1_000 * Number(await evaluated(state.TimeoutSeconds, bindings));
  const silenceMs =
    1_000 * Number((await evaluated(state.HeartbeatSeconds, bindings)) ?? Number.POSITIVE_INFINITY);
  const until = run.clock.now() + limitMs;
  const invoked = run.invoke(name, payload);
  if (!waits(state)) return { Payload: await within(run, invoked, limitMs) };
  await within(run, invoked, limitMs);
  return told(run, token, until, silenceMs);
}

async function told(
  { clock, tokens, stop }: Simulated,
  token: string,
  until: number,
  silenceMs: number,
): Promise<unknown> {
  let [beats, beatAt] = [0, clock.now()];
  while (!tokens.told.has(token)) {
    const heard = tokens.heartbeats.filter((beat) => beat === token).length;
    if (heard > beats) [beats, beatAt] = [heard, clock.now()];
    if (clock.now() >= until) throw named('States.Timeout');
    if (clock.now() - beatAt >= silenceMs) throw named('States.HeartbeatTimeout');
    if (stop.aborted) await new Promise(() => {});
    await clock.sleep(LOOK_EVERY_MS);
  }
  return tokens.told.get(token);
}

async function within<T>({ clock }: Simulated, work: Promise<T>, limitMs: number): Promise<T> {
  const done = new AbortController();
  const limit = clock.sleep(limitMs, done.signal).then(() => {
    if (!done.signal.aborted) throw named('States.Timeout');
    return work;
  });
  return Promise.race([work, limit]).finally(() => done.abort());
}

export function named(name: string, message = name): Error {
  return Object.assign(new Error(message), { name });
}

/** Texts between `{%` and `%}` are expressions, everything else is what it is. */
async function evaluated(written: unknown, bindings: Payload): Promise<unknown> {
  if (typeof written === 'string') {
    const source = /^\{%(.*)%\}$/s.exec(written)?.[1];
    return source === undefined ? written : plain(await jsonata(source).evaluate(undefined, bindings));
  }
  if (typeof written !== 'object' || written === null) return written;
  const entries = Object.entries(written).map(
    async ([key, value]) => [key, await evaluated(value, bindings)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
