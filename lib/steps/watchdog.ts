import { iso } from '../drill/clock.ts';
import { fenceName } from '../drill/fence.ts';
import { entriesOf, lastOf, standingValidations, unansweredCall } from '../drill/journal.ts';
import { ACTING_TIMEOUT_MS, LEASE_MS } from '../drill/limits.ts';
import { standingRestored } from '../drill/receipt.ts';
import type { TargetState } from '../drill/target.ts';
import type { Drill, Ports } from '../ports.ts';
import { knownBadOf } from './known-bad.ts';
import { page } from './page.ts';
import { takePath, withFailedPath } from './roll-back.ts';
import { runValidation } from './run-validation.ts';
import { archived, close, type Sealed } from './seal-receipt.ts';
import { targetContext } from './target-context.ts';
import { watchQuietPeriod } from './watch-quiet-period.ts';
import { watchUntilRestored } from './watch-until-restored.ts';

const ROUNDS = 2;

export type WatchdogPorts = Omit<Ports, 'plans' | 'waits' | 'warmer' | 'witness'>;

export interface WatchdogInput {
  readonly drillId: string;
  readonly reason: string;
}

export type Recovery = Sealed | { readonly kind: 'nothing-to-do'; readonly reason: string };

/**
 * Finishes a drill that did not finish itself. Decides from the journal alone: takes the drill over, restores the target if
 * it may be on the known-bad release, validates what is left to validate, and seals. Run again, it goes on where it was.
 */
export async function watchdog(ports: WatchdogPorts, { drillId, reason }: WatchdogInput): Promise<Recovery> {
  const sealed = await ports.receipts.find(drillId);
  if (sealed) {
    await archived(ports, sealed);
    await ports.deadline.disarm(drillId);
    return { kind: 'nothing-to-do', reason: 'the drill is sealed' };
  }
  const found = await ports.journal.read(drillId).catch(absent);
  if (!found) return { kind: 'nothing-to-do', reason: `there is no drill ${drillId}` };
  const drill = await takeOver(ports, found, reason);
  const finished = lastOf(drill.journal, 'numbered') ? finish(ports, drill) : Promise.resolve(drill);
  return finished.then((whole) => close(ports, whole)).catch(unlessTakenOver);
}

/** Two watchdogs at once: the one that came later goes on. */
function unlessTakenOver(error: Error): Recovery {
  if (error.name !== 'FenceRaised') throw error;
  return { kind: 'nothing-to-do', reason: 'somebody else has taken the drill over' };
}

/** Restores, validates and watches what the drill did not come to; once more when the known-bad release comes back. */
async function finish(ports: WatchdogPorts, drill: Drill): Promise<Drill> {
  let current = drill;
  for (let round = 1; round <= ROUNDS; round++) {
    current = await settleCallsInFlight(ports, current);
    if (!standingRestored(current.journal)) current = await restore(ports, current);
    await validate(ports, current);
    const quiet = await watchQuietPeriod(ports, current);
    current = await reread(ports, current);
    if (quiet === 'quiet') break;
    current = await withFailedPath(ports, current, {
      kind: 'bad-again',
      reason: 'the known-bad release came back',
    });
  }
  return current;
}

/** An execution that ended before it opened a journal touched nothing. */
function absent(error: Error): undefined {
  if (error.name !== 'DrillNotFound') throw error;
}

/** Raises the fence first: from then on the old executor can record nothing, and so does nothing. */
async function takeOver(ports: WatchdogPorts, drill: Drill, reason: string): Promise<Drill> {
  const { executionArn, drillId } = drill.opened;
  const fence = await raiseFence(ports, drill);
  await ports.executions.stop(executionArn, reason);
  const owned = { ...drill, fence };
  await ports.journal.append(owned, [
    {
      kind: 'taken-over',
      key: `taken-over/${fenceName(fence)}`,
      by: 'watchdog',
      reason,
      at: iso(ports.clock.now()),
    },
  ]);
  return { ...(await ports.journal.read(drillId)), fence };
}

/** A drill that was never numbered has touched nothing: it may have lost its locks, and needs none for its small record. */
async function raiseFence({ locks }: WatchdogPorts, { opened, journal }: Drill): Promise<Drill['fence']> {
  const resources = entriesOf(journal, 'locked').map(({ resource }) => resource);
  if (resources.length === 0) return null;
  return locks.raiseFence(resources, opened.drillId, LEASE_MS).catch((error: Error) => {
    if (error.name !== 'FenceRaised' || lastOf(journal, 'numbered')) throw error;
    return null;
  });
}

async function restore(ports: WatchdogPorts, drill: Drill): Promise<Drill> {
  let current = drill;
  const limit = current.plan.rollback.paths.length + 1;
  for (let attempt = 1; attempt <= limit; attempt++) {
    const decision = await takePathPatiently(ports, current);
    current = await reread(ports, current);
    if (decision.kind === 'overtaken') return current;
    if (decision.kind === 'exhausted') break;
    if (await watchUntilRestored(ports, current)) return reread(ports, current);
    current = await withFailedPath(ports, current, {
      kind: 'failed',
      reason: 'not restored within the plan’s limit',
    });
  }
  return giveUp(ports, current);
}

const CALL_ATTEMPTS = 4;
const CALL_PAUSE_MS = 3_000;

/** A call that may or may not have been accepted is looked for, and made again only if it was not. */
async function takePathPatiently(ports: WatchdogPorts, drill: Drill): ReturnType<typeof takePath> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await takePath(ports, await reread(ports, drill));
    } catch (error) {
      if ((error as Error).name !== 'TransientFault' || attempt === CALL_ATTEMPTS) throw error;
      await ports.clock.sleep(CALL_PAUSE_MS);
    }
  }
}

/**
 * A call that was announced but not answered may still land: its longest time limit is waited out, then the target is read.
 * A deployment that never took effect ends the drill as aborted; one that did is recorded as the drill itself would have.
 */
async function settleCallsInFlight(ports: WatchdogPorts, drill: Drill): Promise<Drill> {
  const call = unansweredCall(drill.journal);
  const restored = standingRestored(drill.journal);
  if (call) await ports.clock.sleep(Date.parse(call.at) + ACTING_TIMEOUT_MS - ports.clock.now());
  if (lastOf(drill.journal, 'known-bad-deployed') || (restored && !call)) return drill;
  const state = await ports.target(drill.plan).observe(targetContext(drill));
  if (restored && state.desired !== 'known-bad') return drill;
  if (restored) await voidRestoration(ports, drill, state);
  if (!call || state.desired !== 'known-bad') return noEffect(ports, drill, state);
  const captured = targetContext(drill).captured;
  const { deployed, acceptedAt, source } = await ports
    .target(drill.plan)
    .deployKnownBad(captured, knownBadOf(drill), drill.opened.drillId);
  await ports.journal.append(drill, [
    { kind: 'known-bad-deployed', key: 'known-bad-deployed', ...deployed },
    {
      kind: 'mark',
      key: 'mark/badDeployStarted',
      mark: 'badDeployStarted',
      at: acceptedAt,
      source,
      evidence: `${deployed.deployment}, read back by the watchdog`,
    },
  ]);
  return reread(ports, drill);
}

async function voidRestoration(ports: WatchdogPorts, drill: Drill, state: TargetState): Promise<void> {
  const at = iso(ports.clock.now());
  const reason = `a call in flight took effect after the target was restored: ${state.summary}`;
  await ports.journal.append(drill, [
    { kind: 'restored-voided', key: `restored-voided/taken-over/${fenceName(drill.fence)}`, at, reason },
  ]);
}

async function noEffect(ports: WatchdogPorts, drill: Drill, state: TargetState): Promise<Drill> {
  const reason = `the drill died before the known-bad release took effect: ${state.summary}`;
  await ports.journal.append(drill, [
    { kind: 'aborted', key: 'aborted', by: 'watchdog', reason, at: iso(ports.clock.now()) },
  ]);
  return reread(ports, drill);
}

async function validate(ports: WatchdogPorts, drill: Drill): Promise<void> {
  if (!standingRestored(drill.journal) || !lastOf(drill.journal, 'known-bad-deployed')) return;
  const done = new Set(standingValidations(drill.journal).map(({ name }) => name));
  const left = drill.plan.validations.filter(({ name }) => !done.has(name));
  const input = {
    drillId: drill.opened.drillId,
    enteredAt: iso(ports.clock.now()),
    retries: 0,
    previous: { kind: 'none' },
  };
  await Promise.all(
    left.map(({ name }) =>
      runValidation({ ...ports, journal: heldBy(ports, drill) }, { ...input, validation: name }),
    ),
  );
}

/** Steps read the fence from the journal; whoever has taken over appends with the fence that it raised. */
function heldBy({ journal }: WatchdogPorts, { fence }: Drill): Ports['journal'] {
  return { ...journal, read: async (drillId) => ({ ...(await journal.read(drillId)), fence }) };
}

async function giveUp(ports: WatchdogPorts, drill: Drill): Promise<Drill> {
  const reason = 'no rollback path of the plan restored the target';
  await ports.journal.append(drill, [{ kind: 'not-restored', key: 'not-restored', reason }]);
  await page(ports, drill);
  return reread(ports, drill);
}

async function reread({ journal }: WatchdogPorts, drill: Drill): Promise<Drill> {
  return { ...(await journal.read(drill.opened.drillId)), fence: drill.fence };
}
