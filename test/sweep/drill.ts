import type { Endpoint } from '../../sandbox/aws/protocol.ts';
import type { Accident, Call } from './accidents.ts';
import type { Account } from './account.ts';
import { acting, type Handlers } from './aws/functions.ts';
import { ask } from './aws/pipeline.ts';
import { type Course, courseOf } from './course.ts';
import { eventsThrough } from './events.ts';
import { type Mutant, SOUND } from './mutants.ts';
import type { Network, Outgoing } from './process/network.ts';
import type { Time } from './process/time.ts';
import { HEALTHY } from './shop-account.ts';
import { type Effect, NEVER, reach, trafficIn } from './traffic.ts';
import { openWorld, type World } from './world.ts';

/** A drill to be swept: which release is deployed, and what goes wrong anyway. */
export interface Scenario {
  readonly name: string;
  readonly plan: 'swept' | 'asking' | 'piped';
  readonly knownBad: 'bad' | 'crashes' | 'unsold';
  readonly accidents: readonly Accident[];
}

/** What is left when everything has come to rest. */
export interface Aftermath {
  readonly ending: string;
  /** What was there when the execution succeeded. */
  readonly endedWell: 'never' | 'sealed' | 'unsealed';
  readonly rest: 'quiet' | 'limit';
  /** Whether nothing but events went wrong. */
  readonly onlyEvents: boolean;
  /** Whether a service was away for long. */
  readonly wasOut: boolean;
  /** Whether the target can be read at the end. */
  readonly isReadable: boolean;
  /** What LockTarget says to the next drill. */
  readonly nextDrill: string;
  readonly calls: readonly Call[];
  readonly effects: readonly Effect[];
  /** `RollBack#1`: the first run of a function. */
  readonly invocations: readonly string[];
  /** Events that reach a function, each with its how-manieth of its kind it is. */
  readonly events: readonly string[];
  /** States with the seconds after the start at which they were first entered. */
  readonly entered: ReadonlyMap<string, number>;
  /** How many accidents happened. */
  readonly hits: number;
  readonly items: ReturnType<World['dynamo']['items']>;
  readonly archive: ReadonlyMap<string, string>;
  readonly pages: ReturnType<World['pages']>;
  readonly schedules: readonly string[];
  /** Releases that users get at the end. */
  readonly serving: readonly string[];
  /** The task definition to which the service steers at the end. */
  readonly steersTo: string;
  readonly healthy: string;
  readonly tookMs: number;
}

export const DRILL_ID = 'drill-1';
const START_MS = Date.parse('2026-11-03T10:00:00.000Z');
/** By then everything has come to rest, or never will. */
const REST_WITHIN_MS = 50 * 60_000;
/** Mutants may never come to rest: what is wrong shows earlier. */
const MUTANTS_REST_WITHIN_MS = 5 * 60_000;
const SETTLES_IN_MS = 30_000;
/** A lease that nobody renews is over by then. */
const NEXT_DRILL_AFTER_MS = 10 * 60_000;

/** Works in one process for one drill after the other. */
export interface Machinery {
  readonly time: Time;
  readonly chance: { reset(): void };
  readonly files: { reset(): void };
  readonly handlers: Handlers;
  readonly account: Account;
  /** What deploying the account sends; sent again without clients for every account after the first. */
  readonly deploying: Outgoing[];
  /** Puts a network in place. */
  use(network: Network): void;
}

/** One drill in an account of its own, with its accidents, until nothing more happens. */
export async function drill(
  machinery: Machinery,
  scenario: Scenario,
  accidents: readonly Accident[],
  mutant: Mutant = SOUND,
): Promise<Aftermath> {
  const { time, account, use } = machinery;
  const all = [...scenario.accidents, ...accidents];
  startAnew(machinery);
  const events: string[] = [];
  let endedWell: Aftermath['endedWell'] = 'never';
  const course = courseOf(all, (phase, isFirst) => {
    void mutant.entered?.(phase, world);
    if (isFirst) stopIn(phase, all, account, course);
  });
  const world = openWorld({
    handlers: machinery.handlers,
    entered: course.begins,
    invokes: mutant.invokes ?? (() => true),
    through: (emit) =>
      eventsThrough(emit, all, {
        hit: course.hit,
        emitted(name) {
          events.push(name);
          if (name.includes('SUCCEEDED of rollback-drill#'))
            endedWell = isSealed(world) ? 'sealed' : 'unsealed';
        },
      }),
  });
  const traffic = trafficIn(world, course, mutant);
  await deploy(machinery, world);
  use(traffic.network);
  await redefine(account, all, mutant, course);
  if (scenario.plan === 'piped') await world.pipeline.release();
  await sleep(SETTLES_IN_MS);
  events.length = 0;
  traffic.forget();

  await account.start(DRILL_ID, { plan: scenario.plan, knownBad: scenario.knownBad, startedBy: 'ana' });
  const rest = await time.untilQuiet(mutant === SOUND ? REST_WITHIN_MS : MUTANTS_REST_WITHIN_MS);
  const aftermath: Omit<Aftermath, 'nextDrill'> = {
    ending: await account.statusOf(DRILL_ID),
    endedWell,
    rest,
    onlyEvents: all.every(({ kind }) => kind === 'event'),
    wasOut: accidents.some(({ kind }) => kind === 'outage'),
    isReadable: !course.isOut('ecs.DescribeServices'),
    calls: traffic.calls,
    effects: traffic.effects,
    invocations: [...course.invocations],
    events: events.filter((name) => world.delivered.has(name.replace(/#\d+$/, ''))),
    entered: new Map([...course.entered].map(([name, at]) => [name, (at - START_MS) / 1_000])),
    hits: course.hits,
    items: world.dynamo.items(),
    archive: world.objects,
    pages: world.pages(),
    schedules: await account.schedules(),
    serving: world.shop.serving(),
    steersTo: await steersTo(world, account),
    healthy: HEALTHY,
    tookMs: time.now() - START_MS,
  };
  course.over();
  const nextDrill = rest === 'quiet' ? await askedLater(world, scenario) : 'that something still goes on';
  await world.close();
  use(() => NEVER);
  return { ...aftermath, nextDrill };
}

/** A pipeline registers a copy of the healthy task definition with every release of it. */
async function steersTo({ endpoints }: World, account: Account): Promise<string> {
  const taskDefinition = await account.steersTo();
  const described = await ask<{ taskDefinition: { containerDefinitions: { image: string }[] } }>(
    endpoints.ecs as Endpoint,
    'DescribeTaskDefinition',
    { taskDefinition },
  );
  const [container] = described.taskDefinition.containerDefinitions;
  return container?.image.endsWith('/shop:healthy') ? HEALTHY : taskDefinition;
}

function startAnew({ time, chance, files }: Machinery): void {
  time.reset(START_MS);
  time.alive = () => acting.getStore()?.dead !== true;
  chance.reset();
  files.reset();
}

/** A person stops the execution where an accident says so. */
function stopIn(phase: string, accidents: readonly Accident[], account: Account, course: Course): void {
  for (const accident of accidents)
    if (accident.kind === 'stopped' && accident.phase === phase)
      void sleep(accident.afterMs)
        .then(() => account.stop(DRILL_ID))
        .then(course.hit);
}

async function redefine(
  account: Account,
  accidents: readonly Accident[],
  mutant: Mutant,
  course: Course,
): Promise<void> {
  if (mutant.definition) await account.redefine(mutant.definition);
  const timedOut = accidents.find((accident) => accident.kind === 'timed-out');
  if (!timedOut) return;
  await account.redefine((text) => limitedTo(timedOut.afterSeconds, text));
  course.hit();
}

function limitedTo(TimeoutSeconds: number, definition: string): string {
  return JSON.stringify({ ...JSON.parse(definition), TimeoutSeconds });
}

function isSealed({ dynamo }: World): boolean {
  return dynamo.items().some(({ pk, sk }) => pk === `DRILL#${DRILL_ID}` && sk === 'SEAL');
}

/** Making clients takes long: what the first deployment sent is sent again as it is. */
async function deploy({ account, deploying, use }: Machinery, world: World): Promise<void> {
  if (deploying.length > 0) {
    for (const request of deploying) await reach(world, request);
    return;
  }
  use((request) => {
    deploying.push(request);
    return reach(world, request);
  });
  await account.deploy();
}

/** What the first states say to another drill of the same target. */
async function askedLater({ functions }: World, { plan, knownBad }: Scenario): Promise<string> {
  await sleep(NEXT_DRILL_AFTER_MS);
  const drillId = 'drill-2';
  const at = new Date().toISOString();
  const input = { drillId, enteredAt: at, retries: 0 };
  const request = { plan, knownBad, startedBy: 'ben' };
  await functions.invoke('LoadPlan', { ...input, executionArn: `arn:${drillId}`, startedAt: at, request });
  const answer = await functions.invoke('LockTarget', { ...input, previous: { kind: 'loaded' } });
  if (answer.kind === 'function-error') return `${answer.errorType}: ${answer.errorMessage}`;
  const { kind, reason } = answer.payload as { kind: string; reason?: string };
  return kind === 'locked' ? kind : `${kind}: ${reason}`;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
