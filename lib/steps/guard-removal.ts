import type { Ports } from '../ports/ports.ts';
import { abort } from './abort.ts';

type RemovalPorts = Pick<Ports, 'clock' | 'journal' | 'safetySwitch' | 'waits'>;

export interface RemovalInput {
  /** Whoever removes, for the receipts of the drills that this ends. */
  readonly by: string;
  /** Whether the safety switch goes with the stack; one that is there for others too is not turned. */
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
 * restored its target and is sealed. Refuses when one has not by then, and lets drills start again.
 */
export async function guardRemoval(ports: RemovalPorts, input: RemovalInput): Promise<Removal> {
  const { safetySwitch } = ports;
  const turns = input.ownsSafetySwitch && (await safetySwitch.read()).kind === 'off';
  if (turns) await safetySwitch.set({ kind: 'on', reason: WHY });
  const open = await endDrills(ports, input);
  if (open === null) return { kind: 'may-go', reason: 'no drill is open' };
  if (turns) await safetySwitch.set({ kind: 'off' });
  return { kind: 'refused', reason: open };
}

/** Answers what is still open in the end, or `null`. A look that fails says nothing, and is followed by the next one. */
async function endDrills(ports: RemovalPorts, { by, endsAt }: RemovalInput): Promise<string | null> {
  const ended = new Set<string>();
  for (let mayGo = false; ; ) {
    const open = await endOpen(ports, by, ended).catch(unread);
    if (open === null && mayGo) return null;
    if (open !== null && ports.clock.now() >= endsAt) return open;
    await ports.clock.sleep(open === null ? ARCHIVED_WITHIN_MS : LOOK_EVERY_MS);
    mayGo = open === null;
  }
}

async function endOpen(ports: RemovalPorts, by: string, ended: Set<string>): Promise<string | null> {
  const open = await ports.journal.openDrills();
  for (const drillId of open.filter((id) => !ended.has(id))) {
    await abort(ports, drillId, { by, reason: `aborted by ${by}: ${WHY}` });
    ended.add(drillId);
  }
  return open.length === 0 ? null : notEnded(open);
}

function notEnded(open: readonly string[]): string {
  const drills = open.length === 1 ? `drill ${open[0]} has` : `${open.length} drills have`;
  return `${drills} not ended yet (${open.join(', ')}): until it is sealed, its target may be on the known-bad release. Nothing was removed. Remove the stack again once every receipt is sealed.`;
}

function unread({ name, message }: Error): string {
  return `whether a drill is open could not be read: ${name}: ${message}. Nothing was removed. Remove the stack again.`;
}
