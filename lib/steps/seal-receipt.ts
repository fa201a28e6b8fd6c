import { iso } from '../drill/clock.ts';
import { lastOf } from '../drill/journal.ts';
import { receiptFrom, standingRestored } from '../drill/receipt.ts';
import type { Drill } from '../ports/drills.ts';
import type { Sealed } from '../ports/sealer.ts';
import { close, type SealPorts } from './close-drill.ts';
import type { StepInput } from './input.ts';
import { planFacts } from './known-bad.ts';
import { probesOf } from './probes-entry.ts';
import { arrive, enter } from './step.ts';

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

class NotRestored extends Error {
  override readonly name = 'NotRestored';
}

/** What is not restored is not sealed here: the drill ends broken, and the watchdog restores the target before it seals. */
async function leaveToWatchdog(ports: SealPorts, drill: Drill): Promise<void> {
  if (!lastOf(drill.journal, 'numbered')) return;
  const { samples } = await ports.series.read(drill.opened.drillId);
  const journal = [...drill.journal, probesOf(drill, samples)];
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
