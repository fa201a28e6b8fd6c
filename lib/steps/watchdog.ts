import { iso } from '../drill/clock.ts';
import { lastOf, standingValidations, unansweredCall } from '../drill/journal.ts';
import { ACTING_TIMEOUT_MS, leaseMs } from '../drill/limits.ts';
import { standingRestored } from '../drill/receipt.ts';
import type { TargetState } from '../drill/target.ts';
import type { Drill, Ports } from '../ports.ts';
import { knownBadOf } from './known-bad.ts';
import { page } from './page.ts';
import { takePath, withFailedPath } from './roll-back.ts';
import { runValidation } from './run-validation.ts';
import { close, type Sealed } from './seal-receipt.ts';
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
  if (await ports.receipts.find(drillId)) {
    await ports.deadline.disarm(drillId);
    return { kind: 'nothing-to-do', reason: 'the drill is sealed' };
  }
  const found = await ports.journal.read(drillId).catch(absent);
  if (!found) return { kind: 'nothing-to-do', reason: `there is no drill ${drillId}` };
  const drill = await takeOver(ports, found, reason);
  if (!lastOf(drill.journal, 'numbered')) return close(ports, drill);
  return close(ports, await finish(ports, drill));
}

/** Restores, validates and watches what the drill did not come to; once more when the known-bad release comes back. */
async function finish(ports: WatchdogPorts, drill: Drill): Promise<Drill> {
  let current = drill;
  for (let round = 1; round <= ROUNDS; round++) {
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
  const locked = lastOf(drill.journal, 'locked');
  const fence = locked ? await ports.locks.raiseFence(locked.resource, drillId, leaseMs(drill.plan)) : null;
  await ports.executions.stop(executionArn, reason);
  const owned = { ...drill, fence };
  await ports.journal.append(owned, [
    { kind: 'taken-over', key: `taken-over/${fence}`, by: 'watchdog', reason, at: iso(ports.clock.now()) },
  ]);
  return { ...(await ports.journal.read(drillId)), fence };
}

async function restore(ports: WatchdogPorts, drill: Drill): Promise<Drill> {
  let current = await settleCallsInFlight(ports, drill);
  const limit = current.plan.rollback.paths.length + 1;
  for (let attempt = 1; attempt <= limit; attempt++) {
    const decision = await takePath(ports, current);
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

/**
 * A call that was announced but not answered may still land: its longest time limit is waited out, then the target is read.
 * A deployment that never took effect ends the drill as aborted; one that did is recorded as the drill itself would have.
 */
async function settleCallsInFlight(ports: WatchdogPorts, drill: Drill): Promise<Drill> {
  const call = unansweredCall(drill.journal);
  if (call) await ports.clock.sleep(Date.parse(call.at) + ACTING_TIMEOUT_MS - ports.clock.now());
  if (lastOf(drill.journal, 'known-bad-deployed')) return drill;
  const state = await ports.target(drill.plan).observe(targetContext(drill));
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
