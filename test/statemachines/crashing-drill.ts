import type { Outcome } from '../../lib/drill/outcome.ts';
import type { Plan } from '../../lib/drill/plan/plan.ts';
import type { Clock } from '../../lib/ports/clock.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import type { Target } from '../../lib/ports/target.ts';
import { armWatchdog } from '../../lib/steps/arm-watchdog.ts';
import { awaitApproval } from '../../lib/steps/await-approval.ts';
import { awaitDecision } from '../../lib/steps/await-decision.ts';
import { awaitRestored } from '../../lib/steps/await-restored.ts';
import { awaitTrigger } from '../../lib/steps/await-trigger.ts';
import { checkGuardrails } from '../../lib/steps/check-guardrails.ts';
import { decideRollback } from '../../lib/steps/decide-rollback.ts';
import { deployKnownBad } from '../../lib/steps/deploy-known-bad.ts';
import { loadPlan } from '../../lib/steps/load-plan.ts';
import { lockTarget } from '../../lib/steps/lock-target.ts';
import { rollBack } from '../../lib/steps/roll-back.ts';
import { runValidation } from '../../lib/steps/run-validation.ts';
import { sealReceipt } from '../../lib/steps/seal-receipt.ts';
import { stabilise } from '../../lib/steps/stabilise.ts';
import { undoMigration } from '../../lib/steps/undo-migration.ts';
import { watchdog } from '../../lib/steps/watchdog.ts';
import { witness } from '../../lib/steps/witness.ts';
import { planWith } from '../fixtures/plan.ts';
import { DRILL_ID, PASSING, type Rig, startRig } from '../fixtures/rig.ts';
import { DRILL } from './definitions.ts';
import { type Ending, named, simulate } from './simulation.ts';

/** What goes wrong at one call of a port. */
export type Mishap =
  /** The call is refused for now. */
  | 'fails'
  /** It takes effect, and its answer is lost. */
  | 'answer-lost'
  /** It takes effect, and the function is killed before it hears of it. */
  | 'killed'
  /** The execution is stopped while the call is under way; the function goes on. */
  | 'stopped';

export interface Accident {
  readonly who: 'steps' | 'witness' | 'watchdog' | 'people';
  /** Which call of theirs, from 0. */
  readonly call: number;
  readonly mishap: Mishap;
}

export interface Aftermath {
  readonly ending: Ending;
  readonly outcome: Outcome | undefined;
  readonly rig: Rig;
  /** The calls that the accidents hit; fewer when there were not as many calls. */
  readonly hit: readonly string[];
  /** Every call that a step made, by name. */
  readonly made: readonly string[];
}

export const QUICK = [
  ['detectWithin: 2m', 'detectWithin: 40s'],
  ['within: 2m', 'within: 20s'],
  ['stabilise: 60s', 'stabilise: 5s'],
] as const;

const PLAN = planWith(...QUICK);

/** Lambda repeats an asynchronous invocation that failed twice. */
const WATCHDOG_ATTEMPTS = 3;

export interface Circumstances {
  readonly stopAfterMs?: number;
  readonly plan?: Plan;
  /** What people do beside it, until the signal. */
  readonly people?: (
    rig: Rig,
    ends: AbortSignal,
    run: <T>(call: (ports: Ports) => Promise<T>) => Promise<T>,
  ) => Promise<void>;
}

/** A whole drill by the definition itself, in which something goes wrong, and what is left when all have done their part. */
export async function drillWith(
  accidents: readonly Accident[],
  { stopAfterMs, plan = PLAN, people }: Circumstances = {},
): Promise<Aftermath> {
  const rig = startRig({ plan });
  const stop = new AbortController();
  if (stopAfterMs !== undefined) rig.clock.sleep(stopAfterMs).then(() => stop.abort());
  const calls = { steps: 0, witness: 0, watchdog: 0, people: 0 };
  const hit: string[] = [];
  const byStep: string[] = [];
  const invoke = async <T>(who: Accident['who'], run: (ports: Ports) => Promise<T>): Promise<T> => {
    const killed = Promise.withResolvers<never>();
    let isDead = false;
    const ports = interfering(rig.ports, async (name, call) => {
      if (isDead) return new Promise<never>(() => {});
      const made = calls[who]++;
      if (who === 'steps') byStep.push(name);
      const accident = accidents.find((one) => one.who === who && one.call === made);
      if (!accident) return call();
      hit.push(name);
      if (accident.mishap === 'fails') throw named('TransientFault');
      if (accident.mishap === 'stopped') stop.abort();
      const answer = await call();
      if (accident.mishap === 'answer-lost') throw named('TransientFault');
      if (accident.mishap !== 'killed') return answer;
      isDead = true;
      killed.reject(named('Runtime.ExitError'));
      return new Promise<never>(() => {});
    });
    const sleep: Clock['sleep'] = async (ms, signal) => {
      await rig.clock.sleep(ms, signal);
      if (isDead) await new Promise<never>(() => {});
    };
    return Promise.race([run({ ...ports, clock: { now: rig.clock.now, sleep } }), killed.promise]);
  };

  const ends = new AbortController();
  const watching = witnessRuns(rig, ends.signal, () => invoke('witness', (ports) => watchOnce(ports)));
  const helping = people?.(rig, ends.signal, (run) => invoke('people', run));
  const ending = await simulate({
    machine: DRILL,
    name: DRILL_ID,
    clock: rig.clock,
    tokens: rig.stores.tokens,
    stop: stop.signal,
    input: { plan: plan.name, startedBy: 'user/ana' },
    invoke: (name, payload) => invoke('steps', (ports) => stepOf(name)(ports, payload as never)),
  });
  if (ending !== 'SUCCEEDED')
    await rescue(rig, (reason) =>
      invoke('watchdog', (ports) =>
        watchdog(ports, { drillId: DRILL_ID, reason, isDeadline: false, endsAt: Number.POSITIVE_INFINITY }),
      ),
    );
  await rig.clock.advance(60_000);
  ends.abort();
  await Promise.all([watching, helping]);
  const outcome = (await rig.stores.receipts.find(DRILL_ID))?.outcome;
  return { ending, outcome, rig, hit, made: byStep };
}

function stepOf(name: string): (ports: Ports, input: never) => Promise<unknown> {
  return STEPS[name as keyof typeof STEPS];
}

const STEPS = {
  LoadPlan: (ports: Ports, input: Parameters<typeof loadPlan>[1]) =>
    loadPlan(ports, { ...input, previous: { kind: 'none' } }),
  LockTarget: lockTarget,
  CheckGuardrails: checkGuardrails,
  AwaitApproval: awaitApproval,
  ArmWatchdog: armWatchdog,
  DeployKnownBad: deployKnownBad,
  AwaitTrigger: awaitTrigger,
  DecideRollback: decideRollback,
  AwaitDecision: awaitDecision,
  RollBack: rollBack,
  UndoMigration: undoMigration,
  AwaitRestored: awaitRestored,
  SyntheticTransaction: (ports: Ports, input: Parameters<typeof runValidation>[2]) =>
    runValidation(ports, PASSING, { ...input, previous: { kind: 'none' }, phase: 'after' }),
  Stabilise: stabilise,
  SealReceipt: sealReceipt,
};

const UNFINISHED: ReadonlySet<string> = new Set(['failed', 'postponed', 'continues']);

/** The watchdog is woken by the end of the execution, and last of all by the deadline. */
async function rescue(rig: Rig, run: (reason: string) => Promise<{ kind: string }>): Promise<void> {
  for (const reason of ['the execution ended as FAILED', 'the deadline has passed']) {
    for (let attempt = 1; attempt <= WATCHDOG_ATTEMPTS; attempt++) {
      const { kind } = await run(reason).catch(() => ({ kind: 'failed' }));
      if (!UNFINISHED.has(kind)) return;
      await rig.clock.advance(60_000);
    }
  }
}

async function watchOnce(ports: Ports): Promise<{ kind: string }> {
  return witness(ports, { drillId: DRILL_ID, watchForMs: 14 * 60_000 });
}

/** The witness begins when it is started, and is started again when it breaks. */
async function witnessRuns(rig: Rig, ends: AbortSignal, run: () => Promise<{ kind: string }>): Promise<void> {
  while (!rig.stores.witnesses.has(DRILL_ID)) {
    if (ends.aborted) return;
    await rig.clock.sleep(100, ends);
  }
  while (!ends.aborted) {
    const { kind } = await run().catch(() => ({ kind: 'broke' }));
    if (kind === 'over') return;
    await rig.clock.sleep(1_000, ends);
  }
}

type Interfere = <T>(name: string, call: () => Promise<T>) => Promise<T>;

/** The same ports, with something between every call and its effect. */
function interfering(ports: Ports, interfere: Interfere): Ports {
  const through = <P extends object>(name: string, port: P): P =>
    Object.fromEntries(
      Object.entries(port).map(([method, value]) => [
        method,
        isAsynchronous(method, value)
          ? (...given: unknown[]) => interfere(`${name}.${method}`, () => value(...given))
          : value,
      ]),
    ) as P;
  const { journal, locks, waits, series, deadline, executions, receipts, witness, announcer } = ports;
  return {
    ...ports,
    ...{
      journal: through('journal', journal),
      locks: through('locks', locks),
      waits: through('waits', waits),
    },
    ...{ series: through('series', series), deadline: through('deadline', deadline) },
    ...{ executions: through('executions', executions), receipts: through('receipts', receipts) },
    ...{ witness: through('witness', witness), announcer: through('announcer', announcer) },
    migrations: through('migrations', ports.migrations),
    target: (plan): Target => through('target', ports.target(plan)),
  };
}

function isAsynchronous(method: string, value: unknown): value is (...given: unknown[]) => Promise<unknown> {
  return typeof value === 'function' && !method.endsWith('Command');
}
