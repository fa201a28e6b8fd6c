import { iso } from '../drill/clock.ts';
import { entriesOf, lastOf, unansweredCall } from '../drill/journal.ts';
import { ACTING_TIMEOUT_MS } from '../drill/limits.ts';
import { standingRestored } from '../drill/receipt.ts';
import type { Drill } from '../ports/drills.ts';
import { patiently } from './patiently.ts';
import { knownBadFound, type RestorePorts, reread, voidRestoration } from './restore-target.ts';
import { targetContext } from './target-context.ts';
import { overtaken } from './watch-until-restored.ts';

const PAUSES_MS = [2_000, 4_000];

/**
 * A call that was announced but not answered may still land: its longest time limit is waited out, then the target is read.
 * A deployment that never took effect ends the drill as aborted; one that did is recorded as the drill itself would have.
 * What cannot be read is left to whoever restores.
 */
export async function settleCallsInFlight(ports: RestorePorts, drill: Drill): Promise<Drill> {
  if (entriesOf(drill.journal, 'call').length === 0)
    return aborted(ports, drill, 'the drill died before it called anything');
  const call = unansweredCall(drill.journal);
  const restored = standingRestored(drill.journal);
  if (call) await ports.clock.sleep(Date.parse(call.at) + ACTING_TIMEOUT_MS - ports.clock.now());
  if (lastOf(drill.journal, 'known-bad-deployed') || (restored && !call)) return drill;
  const state = await patiently(ports.clock, PAUSES_MS, () =>
    ports.target(drill.plan).observe(targetContext(drill)),
  ).catch(() => null);
  if (!state) return drill;
  if (state.desired === 'other') {
    await overtaken(ports, drill, state);
    return reread(ports, drill);
  }
  if (state.desired === 'last-healthy')
    return restored
      ? drill
      : aborted(ports, drill, `the drill died before the known-bad release took effect: ${state.summary}`);
  if (restored) await voidRestoration(ports, drill, state.summary);
  return knownBadFound(ports, drill);
}

async function aborted(ports: RestorePorts, drill: Drill, reason: string): Promise<Drill> {
  const at = iso(ports.clock.now());
  await ports.journal.append(drill, [{ kind: 'aborted', key: 'aborted', by: 'watchdog', reason, at }]);
  return reread(ports, drill);
}
