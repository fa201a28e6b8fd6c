import { newTo } from '../drill/catching-up.ts';
import { iso } from '../drill/clock.ts';
import { emergencyOf } from '../drill/emergency.ts';
import { fenceName } from '../drill/fence.ts';
import { goesOnUntil } from '../drill/goes-on.ts';
import { lastOf } from '../drill/journal.ts';
import { NEXT_RUN_MS, WAKE_AGAIN_MS } from '../drill/limits.ts';
import { standingRestored } from '../drill/receipt.ts';
import type { Drill } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';
import type { Sealed } from '../ports/sealer.ts';
import { finishDrill } from './finish-drill.ts';
import { limited } from './limited.ts';
import { type Page, page } from './page.ts';
import { patiently } from './patiently.ts';
import { raiseFence } from './raise-fence.ts';
import { type RestorePorts, restoreFromEmergency } from './restore-target.ts';
import { type StandingRecords, standingRecords } from './standing-records.ts';
import type { WakeUp } from './watchdog-event.ts';
import { whileRenewing } from './while-renewing.ts';

export type WatchdogPorts = Pick<
  Ports,
  | 'announcer'
  | 'clock'
  | 'deadline'
  | 'executions'
  | 'journal'
  | 'locks'
  | 'migrations'
  | 'probe'
  | 'sealer'
  | 'series'
  | 'validations'
> &
  Pick<RestorePorts, 'target'> & { readonly receipts: Pick<Ports['receipts'], 'find'> };

export interface WatchdogInput extends WakeUp {
  /** When this run must have handed over to the next one, epoch milliseconds. */
  readonly endsAt: number;
}

export type Recovery =
  | Sealed
  /** `postponed` and `continues`: another watchdog is woken for it. */
  | { readonly kind: 'nothing-to-do' | 'postponed' | 'continues'; readonly reason: string };

/**
 * Finishes a drill that did not finish itself. Decides from the journal alone: takes the drill over, restores the target if
 * it may be on the known-bad release, validates what is left to validate, and seals. Where the stores do not answer it
 * restores all the same, and is woken again until it can seal. Run again, it goes on where it was.
 */
export async function watchdog(ports: WatchdogPorts, input: WatchdogInput): Promise<Recovery> {
  const { drillId } = input;
  const sealed = await store(ports, () => ports.receipts.find(drillId)).catch(() => undefined);
  if (sealed) return afterSeal(ports, drillId);
  const found = await find(ports, drillId);
  if (!found) return nothingToDo(`there is no drill ${drillId}`);
  const goesOn =
    input.isDeadline && found.isFromStore
      ? goesOnUntil(found.drill.journal, found.drill.plan, ports.clock.now())
      : null;
  if (goesOn) {
    const at = Math.max(Date.parse(goesOn.until), ports.clock.now() + NEXT_RUN_MS);
    return wakeAgain(ports, found.drill, 'postponed', goesOn.reason, at);
  }
  const taken = await takeOver(ports, found, input.reason);
  return rescue(ports, taken, input).catch((error: Error) => {
    // Two watchdogs at once: the one that came later goes on.
    if (error.name === 'FenceRaised') return nothingToDo('somebody else has taken the drill over');
    throw error;
  });
}

interface Found {
  readonly drill: Drill;
  readonly isFromStore: boolean;
}

/** The drill as its journal tells it; when that cannot be read, as the deadline has kept it. */
async function find(ports: WatchdogPorts, drillId: string): Promise<Found | undefined> {
  try {
    return { drill: await store(ports, () => ports.journal.read(drillId)), isFromStore: true };
  } catch (error) {
    // An execution that ended before it opened a journal touched nothing.
    if ((error as Error).name === 'DrillNotFound') return undefined;
    const kept = await patiently(ports.clock, STORE_PAUSES_MS, () => ports.deadline.read(drillId));
    if (!kept) throw error;
    return { drill: { ...kept, phase: 'rolling-back', abort: null, fence: null }, isFromStore: false };
  }
}

const STORE_LIMIT_MS = 3_000;
const STORE_PAUSES_MS = [500, 1_500];

/** A store gets three brief chances: restoring waits for it. */
function store<Answer>({ clock }: WatchdogPorts, ask: () => Promise<Answer>): Promise<Answer> {
  return patiently(clock, STORE_PAUSES_MS, () => limited(clock, STORE_LIMIT_MS, ask()));
}

interface Taken {
  readonly drill: Drill;
  /** Whether the fence could be raised. */
  readonly isOwned: boolean;
}

async function rescue(
  ports: WatchdogPorts,
  { drill, isOwned }: Taken,
  input: WatchdogInput,
): Promise<Recovery> {
  const records = standingRecords(ports, drill, isOwned);
  const { journal, samples } = records;
  const restoring: RestorePorts = { ...ports, journal, samples, endsAt: input.endsAt };
  try {
    return await whileRenewing(ports, records.known, async () => {
      await journal.append(drill, [takenOver(ports, drill, isOwned, input.reason)]);
      if (!isOwned) await restoreFromEmergency(restoring, records.known());
      else if (lastOf(drill.journal, 'numbered'))
        await finishDrill(restoring, await caughtUp(ports, records));
      return await seal(ports, restoring, records, isOwned);
    });
  } catch (error) {
    const { name, message } = error as Error;
    if (name !== 'OutOfTime') throw error;
    return wakeAgain(ports, records.known(), 'continues', message, ports.clock.now() + NEXT_RUN_MS);
  }
}

/** Raises the fence first. Where that cannot be done the target is restored all the same, and nothing is written before it can. */
async function takeOver(ports: WatchdogPorts, { drill, isFromStore }: Found, reason: string): Promise<Taken> {
  const fence = isFromStore
    ? await store(ports, () => raiseFence(ports, drill)).catch(unlessRaised)
    : undefined;
  // An execution that cannot be stopped can do nothing either, once the fence is raised.
  await store(ports, () => ports.executions.stop(drill.opened.executionArn, reason)).catch(() => undefined);
  return { drill: { ...drill, fence: fence ?? null }, isOwned: fence !== undefined };
}

function unlessRaised(error: Error): undefined {
  if (error.name === 'FenceRaised') throw error;
}

function takenOver({ clock }: WatchdogPorts, { fence }: Drill, isOwned: boolean, reason: string) {
  const key = `taken-over/${isOwned ? fenceName(fence) : 'without-the-stores'}`;
  return { kind: 'taken-over', key, by: 'watchdog', reason, at: iso(clock.now()) } as const;
}

/** What an earlier watchdog did without the stores was kept with the deadline. */
async function caughtUp(
  { clock, deadline }: WatchdogPorts,
  { journal, known }: StandingRecords,
): Promise<Drill> {
  const { drillId } = known().opened;
  const kept = await limited(clock, STORE_LIMIT_MS, deadline.read(drillId)).catch(() => undefined);
  if (kept) await journal.append(known(), newTo((await journal.read(drillId)).journal, kept.journal));
  return journal.read(drillId);
}

const SEAL_LIMIT_MS = 25_000;
const SEAL_PAUSES_MS = [2_000, 5_000];

/** Seals as soon as the stores have all that happened. While they do not answer, a person is told, and the journal stays open. */
async function seal(
  ports: WatchdogPorts,
  restoring: RestorePorts,
  records: StandingRecords,
  isFinished: boolean,
): Promise<Recovery> {
  try {
    const drill = await patiently(ports.clock, SEAL_PAUSES_MS, () => records.handOver());
    if (!isFinished && lastOf(drill.journal, 'numbered')) await finishDrill(restoring, drill);
    // This run may end before the sealer answers; whoever seals disarms.
    await wakeAgain(ports, records.known(), 'continues', 'sealing').catch(() => {});
    return await patiently(ports.clock, SEAL_PAUSES_MS, async () =>
      limited(ports.clock, SEAL_LIMIT_MS, ports.sealer.seal(await records.handOver())),
    );
  } catch (error) {
    const { name, message } = error as Error;
    if (name === 'FenceRaised' || name === 'OutOfTime') throw error;
    const reason = `${name}: ${message}`;
    await page(restoring, records.known(), unreachablePage(records.known(), reason));
    return wakeAgain(ports, records.known(), 'postponed', `the records cannot be written: ${reason}`);
  }
}

/** Whoever has sealed may not have come to the rest. */
async function afterSeal(ports: WatchdogPorts, drillId: string): Promise<Recovery> {
  try {
    await limited(ports.clock, SEAL_LIMIT_MS, ports.sealer.finish(drillId));
  } catch (error) {
    const found = await find(ports, drillId);
    if (!found) throw error;
    return wakeAgain(
      ports,
      found.drill,
      'postponed',
      `sealed, but not archived: ${(error as Error).message}`,
    );
  }
  return nothingToDo('the drill is sealed');
}

function unreachablePage({ opened: { drillId, target }, journal }: Drill, reason: string): Page {
  const state = standingRestored(journal) ? 'was restored' : 'could not be shown to be restored';
  const message = [
    `${target} ${state}, and the records of drill ${drillId} cannot be written: ${reason}.`,
    'Its journal stays open. The watchdog tries again every few minutes and seals as soon as the stores answer.',
  ].join('\n');
  return { key: 'paged/records', subject: `RECORDS UNREACHABLE: ${target}`, message };
}

/** Throws when nobody can be woken: the invocation is repeated then, and told of when that fails too. */
async function wakeAgain(
  { clock, deadline }: WatchdogPorts,
  drill: Drill,
  kind: 'postponed' | 'continues',
  reason: string,
  at = clock.now() + WAKE_AGAIN_MS,
): Promise<Recovery> {
  await patiently(clock, STORE_PAUSES_MS, () => deadline.arm(drill.opened.drillId, at, emergencyOf(drill)));
  return { kind, reason };
}

function nothingToDo(reason: string): Recovery {
  return { kind: 'nothing-to-do', reason };
}
