import { iso } from '../drill/clock.ts';
import type { Entry } from '../drill/entry.ts';
import { entriesOf, rollbacksOf, unansweredCall } from '../drill/journal.ts';
import { roundBeforeCall } from '../drill/migration.ts';
import { chooseRollback, type PathName, rollsTheDeploymentBack, type TriedPath } from '../drill/path.ts';
import type { Steering } from '../drill/target.ts';
import type { Drill } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';
import type { RollbackAccepted, TargetFor } from '../ports/target.ts';
import type { Decision } from './input.ts';
import { recordingBriefly } from './recording-briefly.ts';
import { targetContext } from './target-context.ts';

export type RollBackPorts = Pick<Ports, 'clock' | 'journal'> & {
  readonly target: TargetFor<'steering' | 'rollbackCommand' | 'rollBack'>;
};

/**
 * Takes the first path of the plan that applies, and gives way to the next one when it fails. Ends: every turn adds a path that
 * is not taken again. The target is read, unless the caller has just done so.
 */
export async function takePath(ports: RollBackPorts, drill: Drill, justRead?: Steering): Promise<Decision> {
  const state = justRead ?? (await steering(ports, drill));
  const answered = lostAnswer(drill, state);
  if (answered) return started(ports, drill, answered.path, 'accepted', answered, 'api');
  const choice = chooseRollback(drill.plan.rollback.paths, tried(drill), state);
  switch (choice.kind) {
    case 'adopt':
      return started(ports, drill, 'automatic', 'adopted', choice, 'api');
    case 'take':
      return take(ports, drill, choice.path, skippedEntries(ports, drill, choice.skipped));
    case 'nothing-to-do':
      await ports.journal.enter(drill.opened.drillId, 'restoring');
      return { kind: 'rolling-back', reason: choice.reason };
    case 'overtaken':
      return overtaken(ports, drill, choice.reason);
    case 'exhausted':
      await record(recordingBriefly(ports), drill, skippedEntries(ports, drill, choice.skipped));
      return { kind: 'exhausted', reason: 'no applicable rollback path of the plan is left' };
    default:
      return choice satisfies never;
  }
}

/** Whether the rollback call that is about to be made waits for the undo of the migration. Another's rollback waits for nothing. */
export function undoComesFirst(drill: Drill, state: Steering): boolean {
  if (roundBeforeCall(drill.plan, drill.journal) === null || lostAnswer(drill, state)) return false;
  return chooseRollback(drill.plan.rollback.paths, tried(drill), state).kind === 'take';
}

/** The newest human intent stands. */
export async function overtaken(
  { journal }: Pick<Ports, 'journal'>,
  drill: Drill,
  reason: string,
): Promise<Decision> {
  await journal.append(drill, [{ kind: 'overtaken', key: 'overtaken', reason }]);
  return { kind: 'overtaken', reason };
}

async function take(
  ports: RollBackPorts,
  drill: Drill,
  name: PathName,
  skipped: readonly Entry[],
): Promise<Decision> {
  const target = ports.target(drill.plan);
  const context = targetContext(drill);
  const call: Entry = {
    kind: 'call',
    key: `call/RollBack/${name}/${entriesOf(drill.journal, 'call').length}`,
    state: `RollBack/${name}`,
    command: target.rollbackCommand(name, context),
    at: iso(ports.clock.now()),
  };
  const brief = recordingBriefly(ports);
  const announced = await record(brief, drill, [...skipped, call]);
  let accepted: RollbackAccepted;
  try {
    accepted = await target.rollBack(name, context);
  } catch (error) {
    const { name: kind, message } = error as Error;
    // The call may have been accepted: the next execution reads the target before it acts.
    if (kind === 'TransientFault') throw error;
    const effect = await target.steering(context).then((state) => lostAnswer(announced, state), untold);
    if (effect) return started(ports, announced, name, 'accepted', effect, 'api');
    const result = kind === 'PathNotApplicable' ? 'not-applicable' : 'failed';
    const failed = await record(brief, announced, [
      path(announced, name, result, `${kind}: ${message}`, ports.clock.now()),
    ]);
    return takePath(ports, result === 'failed' ? failed : { ...failed, plan: without(failed, name) });
  }
  const effect = { ...accepted, startedAt: iso(ports.clock.now()) };
  return started(ports, announced, name, 'accepted', effect, 'orchestrator');
}

async function started(
  ports: RollBackPorts,
  drill: Drill,
  name: PathName,
  result: 'accepted' | 'adopted',
  { startedAt: at, execution }: Effect,
  source: 'api' | 'orchestrator',
): Promise<Decision> {
  const evidence =
    result === 'adopted' ? 'the target rolled itself back' : `reply to the call of path ${name}`;
  const mark = { at, source, evidence } as const;
  const adopted: readonly Entry[] = [
    {
      kind: 'mark',
      key: 'mark/rollbackDecided/adopted',
      mark: 'rollbackDecided',
      ...mark,
      evidence: 'decided by the target',
    },
    { kind: 'mark', key: 'mark/rollbackStarted', mark: 'rollbackStarted', ...mark },
  ];
  const entries = [
    { ...path(drill, name, result, evidence, ports.clock.now()), ...(execution ? { execution } : {}) },
    ...(result === 'adopted' ? adopted : adopted.slice(1)),
  ];
  await Promise.all([
    ports.journal.append(drill, entries),
    ports.journal.enter(drill.opened.drillId, 'restoring'),
  ]);
  return { kind: 'rolling-back', reason: `${name} ${result}` };
}

/** A target that cannot be read tells of no effect; what ECS has refused, it has not done. */
function untold(): undefined {}

interface Effect extends RollbackAccepted {
  readonly startedAt: string;
}

/** A call whose answer was lost: when its effect is there, it was accepted, and it is not made again. */
function lostAnswer(drill: Drill, state: Steering): (Effect & { readonly path: PathName }) | undefined {
  const call = unansweredCall(drill.journal);
  if (!call?.state.startsWith('RollBack/')) return undefined;
  const name = call.state.slice('RollBack/'.length) as PathName;
  const effect = rollsTheDeploymentBack(name)
    ? calledRollback(state)
    : isUnderWay(drill, state)
      ? { startedAt: call.at }
      : undefined;
  return effect && { path: name, ...effect };
}

/** After another rollback the target steers to the last healthy release anyhow: only a deployment tells of the call. */
function isUnderWay({ journal }: Drill, { desired, isDeploying }: Steering): boolean {
  return desired === 'last-healthy' && (isDeploying || rollbacksOf(journal) === 0);
}

/** A rollback that the target decided itself is not the effect of our call. */
function calledRollback({ knownBadDeployment }: Steering): Effect | undefined {
  const rollback = knownBadDeployment?.rollback;
  return rollback && !rollback.automatic ? rollback : undefined;
}

function skippedEntries(
  { clock }: Pick<Ports, 'clock'>,
  drill: Drill,
  skipped: readonly TriedPath[],
): readonly Entry[] {
  return skipped.map(({ name, result, reason }) => path(drill, name, result, reason, clock.now()));
}

export function steering({ target }: Pick<RollBackPorts, 'target'>, drill: Drill): Promise<Steering> {
  return target(drill.plan).steering(targetContext(drill));
}

export async function record(
  { journal }: Pick<Ports, 'journal'>,
  drill: Drill,
  entries: readonly Entry[],
): Promise<Drill> {
  if (entries.length === 0) return drill;
  await journal.append(drill, entries);
  return { ...drill, journal: [...drill.journal, ...entries] };
}

export function path(
  drill: Drill,
  name: PathName,
  result: TriedPath['result'],
  reason: string,
  now: number,
): Entry {
  return {
    kind: 'path',
    key: `path/${rollbacksOf(drill.journal)}/${name}/${result}`,
    path: name,
    result,
    reason,
    at: iso(now),
  };
}

function tried(drill: Drill): readonly TriedPath[] {
  return entriesOf(drill.journal, 'path').map((entry) => ({
    name: entry.path,
    result: entry.result,
    reason: entry.reason,
  }));
}

function without(drill: Drill, name: PathName): Drill['plan'] {
  return {
    ...drill.plan,
    rollback: { ...drill.plan.rollback, paths: drill.plan.rollback.paths.filter((other) => other !== name) },
  };
}
