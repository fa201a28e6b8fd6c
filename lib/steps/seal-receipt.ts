import { iso } from '../drill/clock.ts';
import { baselineFrom, type Entry, entriesOf, lastOf, markTime } from '../drill/journal.ts';
import { type Measured, measuredOf } from '../drill/measured.ts';
import type { Outcome } from '../drill/outcome.ts';
import { receiptFrom, standingRestored } from '../drill/receipt.ts';
import { type DrillRecord, recordFrom } from '../drill/record.ts';
import type { Receipt } from '../drill/seal.ts';
import { firedByProbes } from '../drill/witness/fired.ts';
import { controlPlaneDoneAt } from '../drill/witness/illusion.ts';
import { wasJudged } from '../drill/witness/probe-conditions.ts';
import { inOrder, type Sample, summarise } from '../drill/witness/sample.ts';
import type { Drill } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';
import type { TargetFor } from '../ports/target.ts';
import type { StepInput } from './input.ts';
import { knownBadIdentity, planFacts } from './known-bad.ts';
import { notRestoredPage, page } from './page.ts';
import { patiently } from './patiently.ts';
import { arrive, enter } from './step.ts';
import { targetContext } from './target-context.ts';

export type SealPorts = Pick<
  Ports,
  'announcer' | 'clock' | 'deadline' | 'journal' | 'locks' | 'receipts' | 'series'
> & { readonly target: TargetFor<'tidyUp'> };

export interface Sealed {
  readonly kind: 'sealed';
  readonly outcome: Outcome;
  readonly reason: string;
  /** Whether the state machine may end as SUCCEEDED. */
  readonly whole: boolean;
  /** Told once, by whoever has sealed. */
  readonly measured?: Measured;
}

/** Seals the receipt, or for a drill that touched nothing its small record; then disarms, releases and announces. */
export async function sealReceipt(ports: SealPorts, input: StepInput): Promise<Sealed> {
  if (await ports.receipts.find(input.drillId)) return close(ports, await ports.journal.read(input.drillId));
  const drill = await enterToSeal(ports, input);
  await leaveToWatchdog(ports, drill);
  return close(ports, drill);
}

/** A drill that was never numbered keeps its small record even when it has lost its locks: it has touched nothing. */
async function enterToSeal(ports: SealPorts, input: StepInput): Promise<Drill> {
  try {
    return await enter(ports, 'SealReceipt', input);
  } catch (error) {
    const found = await ports.journal.read(input.drillId);
    if ((error as Error).name !== 'FenceRaised' || lastOf(found.journal, 'numbered')) throw error;
    const { entries } = await arrive(ports, 'SealReceipt', input);
    await ports.journal.append({ ...found, fence: null }, entries);
    return { ...found, fence: null };
  }
}

/** Any part may be repeated, by anyone, with the same result. */
export async function close(ports: SealPorts, drill: Drill): Promise<Sealed> {
  const { drillId } = drill.opened;
  const before = await ports.receipts.find(drillId);
  if (before) return afterSeal(ports, drill, await archived(ports, before));
  await ports.journal.enter(drillId, 'over');
  const numbered = lastOf(drill.journal, 'numbered');
  const sealed = numbered ? await sealNumbered(ports, drill) : await recordUnnumbered(ports, drill);
  const ended = await afterSeal(ports, drill, sealed);
  return sealed.number === null ? ended : { ...ended, measured: measuredOf(sealed) };
}

/** Sealed again, a receipt is put into the archive in case whoever sealed it did not come to that. */
export async function archived(
  { receipts }: Pick<Ports, 'receipts'>,
  sealed: Receipt | DrillRecord,
): Promise<Receipt | DrillRecord> {
  return sealed.number === null ? sealed : receipts.seal(sealed.id, sealed);
}

async function afterSeal(ports: SealPorts, drill: Drill, sealed: Receipt | DrillRecord): Promise<Sealed> {
  const { drillId } = drill.opened;
  const { outcome, reasons } = sealed;
  for (const { resource } of entriesOf(drill.journal, 'locked')) await ports.locks.release(resource, drillId);
  await ports.deadline.disarm(drillId);
  const untold = await announced(ports, drill, `Rollback drill ${drillId}: ${outcome}`, reasons.join('; '));
  const reason = [...reasons, ...untold].join('; ');
  const { journal } = await ports.journal.read(drillId);
  const broke = entriesOf(journal, 'fault').length > 0;
  return { kind: 'sealed', outcome, reason, whole: outcome !== 'not-restored' && !broke };
}

const ANNOUNCE_PAUSES_MS = [1_000, 2_000];

/** The drill is sealed: that nobody hears of it changes nothing, and is told where the drill ends. */
async function announced(
  { announcer, clock }: SealPorts,
  { plan }: Drill,
  subject: string,
  message: string,
): Promise<readonly string[]> {
  return patiently(clock, ANNOUNCE_PAUSES_MS, () => announcer.announce(plan, subject, message)).then(
    () => [],
    (error: Error) => [`not announced: ${error.name}: ${error.message}`],
  );
}

class NotRestored extends Error {
  override readonly name = 'NotRestored';
}

/** What is not restored is not sealed here: the drill ends broken, and the watchdog restores the target before it seals. */
async function leaveToWatchdog(ports: SealPorts, drill: Drill): Promise<void> {
  if (!lastOf(drill.journal, 'numbered')) return;
  const journal = [...drill.journal, await probes(ports, drill)];
  const { outcome, reasons } = receiptFrom(journal, planFacts(drill));
  if (outcome !== 'not-restored') return;
  const reason = reasons.join('; ');
  if (standingRestored(drill.journal)) {
    const at = iso(ports.clock.now());
    await ports.journal.append(drill, [
      { kind: 'restored-voided', key: 'restored-voided/SealReceipt', at, reason },
    ]);
  }
  throw new NotRestored(reason);
}

async function sealNumbered(ports: SealPorts, drill: Drill): Promise<Receipt> {
  const { drillId } = drill.opened;
  await ports.journal.append(drill, [
    ...(await tidyUp(ports, drill)),
    await probes(ports, drill),
    ...(await rehearsed(ports, drill)),
    closingAt(ports.clock.now()),
  ]);
  const facts = planFacts(drill);
  const closed = { ...(await ports.journal.read(drillId)), fence: drill.fence };
  const unsealed = receiptFrom(closed.journal, facts);
  if (unsealed.outcome === 'not-restored') await page(ports, closed, notRestoredPage(closed));
  return ports.receipts.seal(drillId, unsealed);
}

async function recordUnnumbered(ports: SealPorts, drill: Drill): Promise<DrillRecord> {
  const record = recordFrom((await ports.journal.read(drill.opened.drillId)).journal);
  await ports.receipts.record(record);
  return record;
}

/** What was registered for the drill only goes; what cannot be removed is a gap, not a reason to fail. */
async function tidyUp(ports: SealPorts, drill: Drill): Promise<readonly Entry[]> {
  try {
    await ports.target(drill.plan).tidyUp(targetContext(drill));
    return [];
  } catch (error) {
    const message = 'what was set up for the drill only could not be removed';
    return [
      {
        kind: 'gap',
        key: 'gap/left-over',
        code: 'left-over',
        severity: 'notice',
        message,
        evidence: String(error),
      },
    ];
  }
}

async function probes({ series }: SealPorts, drill: Drill): Promise<Entry> {
  const { samples, keys } = await series.read(drill.opened.drillId);
  const deployedAt = markTime(drill.journal, 'badDeployStarted');
  const doneAt = controlPlaneDoneAt(drill.journal);
  const summary = summarise(
    samples,
    knownBadIdentity(drill),
    deployedAt,
    doneAt === null ? null : Date.parse(doneAt),
  );
  const seen = deployedAt === null ? {} : seenByProbes(drill, inOrder(samples), deployedAt);
  return { kind: 'probes', key: 'probes', summary, series: keys, ...seen };
}

/** What the plan's conditions say of the whole series, whoever was there to report it. */
function seenByProbes({ plan, journal }: Drill, samples: readonly Sample[], deployedAt: number) {
  const from = markTime(journal, 'badServing') ?? deployedAt;
  const restored = standingRestored(journal);
  const until = restored ? Date.parse(restored.at) : (samples.at(-1)?.at ?? from);
  return {
    fired: firedByProbes(plan.triggers, { samples, deployedAt, baseline: baselineFrom(journal) }),
    judged: plan.triggers
      .filter(({ condition }) => wasJudged(condition, samples, from, until))
      .map(({ name }) => name),
  };
}

/** When this cannot be read, no trigger is said to be rehearsed or not. */
async function rehearsed({ receipts }: SealPorts, { opened }: Drill): Promise<readonly Entry[]> {
  return receipts.lastFired(opened.target).then(
    (fired) => [{ kind: 'rehearsed', key: 'rehearsed', fired }],
    () => [],
  );
}

function closingAt(now: number): Entry {
  return { kind: 'closing', key: 'closing', at: iso(now) };
}
