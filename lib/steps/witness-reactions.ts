import type { Phase } from '../drill/states.ts';
import { judgeSteadyState } from './judge-steady-state.ts';
import { settleApprovals } from './settle-approvals.ts';
import { watchForRestoration } from './watch-for-restoration.ts';
import { watchForTriggers } from './watch-for-triggers.ts';
import { watchStability } from './watch-stability.ts';
import type { Sight, WitnessPorts } from './witness.ts';
import { waitOf } from './witness-wait.ts';

type Reaction = (ports: WitnessPorts, sight: Sight, flush: () => Promise<void>) => Promise<void>;

/** What the witness does about what it sees, by phase. Every reaction may be repeated. */
export const react: Reaction = (ports, sight, flush) => REACTIONS[sight.drill.phase](ports, sight, flush);

/** Tells the state that waits for the witness that it is alive. */
export async function heartbeat({ waits }: WitnessPorts, drill: Sight['drill']): Promise<void> {
  const wait = waitOf(drill);
  if (wait) await waits.heartbeat(drill.opened.drillId, wait);
}

const REACTIONS: Readonly<Record<Phase, Reaction>> = {
  'steady-state': judgeSteadyState,
  'awaiting-approval': (ports, { drill }) => settleApprovals(ports, drill),
  'awaiting-trigger': watchForTriggers,
  deciding: watchForTriggers,
  'rolling-back': watchForTriggers,
  restoring: async (ports, sight) => {
    await watchForTriggers(ports, sight);
    await watchForRestoration(ports, sight);
  },
  stabilising: watchStability,
  over: async () => {},
};
