import type { Clock } from '../ports/clock.ts';

/** A function that may run for so long only, and a drill that takes longer. */
export interface TimeLimit {
  readonly clock: Clock;
  /** When this run must have handed over to the next one, epoch milliseconds. */
  readonly endsAt: number;
}

/** This run's time is over. The journal is the checkpoint: the next run goes on where it was. */
class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}

/** Throws `OutOfTime` when what takes this long, milliseconds, would not end in time. */
export function checkTime({ clock, endsAt }: TimeLimit, takesMs = 0): void {
  if (clock.now() + takesMs >= endsAt)
    throw new OutOfTime(`${endsAt - clock.now()} ms are left of this run, ${takesMs} ms are needed`);
}
