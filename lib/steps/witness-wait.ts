import { decisionWait } from '../drill/people/decision.ts';
import type { Drill } from '../ports/drills.ts';
import { restoredWait } from './report-target.ts';
import { stabiliseWait } from './stabilise.ts';

/** The wait that the witness keeps alive in this phase. */
export function waitOf(drill: Drill): string | undefined {
  switch (drill.phase) {
    case 'awaiting-trigger':
      return 'AwaitTrigger';
    case 'deciding':
      return decisionWait(drill.journal);
    case 'restoring':
      return restoredWait(drill);
    case 'stabilising':
      return stabiliseWait(drill);
    default:
      return undefined;
  }
}
