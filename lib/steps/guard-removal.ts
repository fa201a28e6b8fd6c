import type { Ports } from '../ports/ports.ts';
import { abort } from './abort.ts';

type RemovalPorts = Pick<Ports, 'clock' | 'journal' | 'safetySwitch' | 'waits'>;

export interface RemovalInput {
  /** Whoever removes, for the receipts of the drills that this ends. */
  readonly by: string;
  /** Whether the safety switch goes with the stack, so that nobody else's drills hear of it. */
  readonly ownsSafetySwitch: boolean;
  /** Until when open drills may take, epoch milliseconds. */
  readonly endsAt: number;
}

export interface Removal {
  readonly kind: 'may-go' | 'refused';
  readonly reason: string;
}

const LOOK_EVERY_MS = 5_000;
/** A drill is closed by its seal; its archive, its locks and its deadline follow. */
const ARCHIVED_WITHIN_MS = 20_000;
const WHY = 'what drills run on is being removed';

/**
 * Before the product goes, and the watchdog with it: lets no drill start, ends those that are open, and waits until each has
 * restored its target and is sealed. Refuses when one has not by then.
 */
export async function guardRemoval(
  ports: RemovalPorts,
  { by, ownsSafetySwitch, endsAt }: RemovalInput,
): Promise<Removal> {
  if (ownsSafetySwitch) await ports.safetySwitch.set({ kind: 'on', reason: WHY });
  const ended = new Set<string>();
  for (let isArchived = true; ; ) {
    const open = await ports.journal.openDrills();
    const isOver = open.length === 0;
    if (isOver && isArchived) return { kind: 'may-go', reason: 'no drill is open' };
    if (!isOver && ports.clock.now() >= endsAt) return { kind: 'refused', reason: refusal(open) };
    for (const drillId of open.filter((id) => !ended.has(id))) {
      await abort(ports, drillId, { by, reason: `aborted by ${by}: ${WHY}` });
      ended.add(drillId);
    }
    await ports.clock.sleep(isOver ? ARCHIVED_WITHIN_MS : LOOK_EVERY_MS);
    isArchived = isOver;
  }
}

function refusal(open: readonly string[]): string {
  const drills = open.length === 1 ? `drill ${open[0]} has` : `${open.length} drills have`;
  return `${drills} not ended yet (${open.join(', ')}), so the target may still be on the known-bad release; the watchdog goes on restoring it. Remove the stack again once every receipt is sealed.`;
}
