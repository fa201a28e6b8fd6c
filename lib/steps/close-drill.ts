import { iso } from '../drill/clock.ts';
import type { Entry } from '../drill/entry.ts';
import { entriesOf, lastOf } from '../drill/journal.ts';
import { measuredOf } from '../drill/measured.ts';
import { receiptFrom, type UnsealedReceipt } from '../drill/receipt.ts';
import { type DrillRecord, recordFrom } from '../drill/record.ts';
import type { Receipt } from '../drill/seal.ts';
import type { Sample } from '../drill/witness/sample.ts';
import type { Drill } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';
import type { Sealed } from '../ports/sealer.ts';
import type { TargetFor } from '../ports/target.ts';
import { planFacts } from './known-bad.ts';
import { notRestoredPage, page } from './page.ts';
import { patiently } from './patiently.ts';
import { probesOf } from './probes-entry.ts';
import { targetContext } from './target-context.ts';

export type SealPorts = Pick<
  Ports,
  'announcer' | 'clock' | 'deadline' | 'journal' | 'locks' | 'receipts' | 'series'
> & { readonly target: TargetFor<'tidyUp'> };

/** A drill that was taken over, with the fence that proves it. */
export async function sealTakenOver(
  ports: SealPorts,
  { drillId, takenOver }: { readonly drillId: string; readonly takenOver: Pick<Drill, 'fence'> },
): Promise<Sealed> {
  return close(ports, { ...(await ports.journal.read(drillId)), ...takenOver });
}

/** Does what whoever sealed the drill did not come to. That it is not announced again is better than twice. */
export async function finishSealed(ports: SealPorts, drillId: string): Promise<void> {
  const sealed = await ports.receipts.find(drillId);
  if (!sealed) throw new Error(`drill ${drillId} is not sealed`);
  await archived(ports, sealed);
  await release(ports, await ports.journal.read(drillId));
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

/** Whoever sealed a receipt may not have come to its archive. */
async function archived(ports: SealPorts, sealed: Receipt | DrillRecord): Promise<Receipt | DrillRecord> {
  if (sealed.number === null) return sealed;
  const { samples } = await ports.series.read(sealed.id);
  return sealAndArchive(ports, sealed, samples);
}

async function sealAndArchive(
  { receipts }: SealPorts,
  unsealed: UnsealedReceipt,
  samples: readonly Sample[],
): Promise<Receipt> {
  const receipt = await receipts.seal(unsealed.id, unsealed);
  if (samples.length > 0) await receipts.archiveSeries(unsealed.id, samples);
  return receipt;
}

async function afterSeal(ports: SealPorts, drill: Drill, sealed: Receipt | DrillRecord): Promise<Sealed> {
  const { drillId } = drill.opened;
  const { outcome, reasons } = sealed;
  await release(ports, drill);
  const untold = await announced(ports, drill, `Rollback drill ${drillId}: ${outcome}`, reasons.join('; '));
  const reason = [...reasons, ...untold].join('; ');
  const { journal } = await ports.journal.read(drillId);
  const broke = entriesOf(journal, 'fault').length > 0;
  return { kind: 'sealed', outcome, reason, whole: outcome !== 'not-restored' && !broke };
}

async function release({ locks, deadline }: SealPorts, { opened, journal }: Drill): Promise<void> {
  for (const { resource } of entriesOf(journal, 'locked')) await locks.release(resource, opened.drillId);
  await deadline.disarm(opened.drillId);
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

async function sealNumbered(ports: SealPorts, drill: Drill): Promise<Receipt> {
  const { drillId } = drill.opened;
  const { samples } = await ports.series.read(drillId);
  await ports.journal.append(drill, [
    ...(await tidyUp(ports, drill)),
    probesOf(drill, samples),
    ...(await rehearsed(ports, drill)),
    closingAt(ports.clock.now()),
  ]);
  const facts = planFacts(drill);
  const closed = { ...(await ports.journal.read(drillId)), fence: drill.fence };
  const unsealed = receiptFrom(closed.journal, facts);
  if (unsealed.outcome === 'not-restored') await page(ports, closed, notRestoredPage(closed));
  return sealAndArchive(ports, unsealed, samples);
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
