import { type Check, judged } from './check.ts';

/** A migration that nobody can take back is no drill: for it the undo is part of the way back. */
export function undoReady({
  isReady,
  reason,
}: {
  readonly isReady: boolean;
  readonly reason: string;
}): Check {
  return judged('migration-undo', isReady, reason);
}
