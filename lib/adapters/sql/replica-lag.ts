import type { Lag } from '../../drill/validations/replica-schema.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Distance, Session } from './session.ts';

export interface Lagging {
  readonly primary: Session;
  readonly replica: Session;
  readonly kind: 'physical' | 'logical';
}

export interface LagLimits {
  readonly maximumLagMs: number;
  /** Epoch milliseconds; a replica that is too far behind is waited for until then. */
  readonly until: number;
  readonly signal: AbortSignal;
}

const LOOK_EVERY_MS = 100;

/**
 * Measures how long a replica takes to get to where the primary is: on a primary that is written to, it is never there for
 * long. One that took longer than allowed is measured again, for as long as there is time.
 */
export async function replicaLag(lagging: Lagging, clock: Clock, limits: LagLimits): Promise<Lag> {
  try {
    // It would be waited for in vain.
    if (lagging.kind === 'physical' && !(await lagging.replica.isReplica()))
      return { kind: 'unreadable', reason: 'it is no standby' };
    for (;;) {
      const lag = await measured(lagging, clock, limits);
      if (lag.kind === 'behind' || lag.afterMs <= limits.maximumLagMs || clock.now() >= limits.until)
        return lag;
    }
  } catch (error) {
    return { kind: 'unreadable', reason: (error as Error).message };
  }
}

async function measured(
  { primary, replica, kind }: Lagging,
  clock: Clock,
  { until, signal }: LagLimits,
): Promise<Exclude<Lag, { kind: 'unreadable' }>> {
  const startedAt = clock.now();
  const place = await primary.place();
  for (;;) {
    const distance = await replica.distance(kind, place);
    const forMs = clock.now() - startedAt;
    if (distance.isThere) return { kind: 'caught-up', afterMs: forMs };
    if (clock.now() >= until) return behind(distance, forMs);
    await clock.sleep(LOOK_EVERY_MS, signal);
  }
}

function behind({ bytes, lastChangeAt, note }: Distance, forMs: number): Lag & { kind: 'behind' } {
  return { kind: 'behind', forMs, bytes, lastChangeAt, note };
}
