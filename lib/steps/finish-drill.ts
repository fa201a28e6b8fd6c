import { entriesOf, lastOf, sinceVoided, standingValidations } from '../drill/journal.ts';
import { standingRestored } from '../drill/receipt.ts';
import { hasCounts } from '../drill/side-effects.ts';
import { isJudgedAtSealing } from '../drill/validation.ts';
import type { Drill } from '../ports/drills.ts';
import { checkTime } from './out-of-time.ts';
import { type RestorePorts, reread, restore, undoLeft } from './restore-target.ts';
import { withFailedPath } from './roll-back.ts';
import { settleCallsInFlight } from './settle-calls-in-flight.ts';
import { watchQuietPeriod } from './watch-quiet-period.ts';
import { whileProbing } from './while-probing.ts';

/**
 * Restores, validates and watches what the drill did not come to, and restores again whenever the known-bad release comes
 * back. Ends: every turn spends a path. Throws `OutOfTime`; run again, it goes on where it was.
 */
export async function finishDrill(ports: RestorePorts, drill: Drill): Promise<Drill> {
  let current = drill;
  const rounds = drill.plan.rollback.paths.length + 2;
  for (let round = 1; round <= rounds; round++) {
    current = await settleCallsInFlight(ports, current);
    if (isLeftAlone(current)) return current;
    if (!standingRestored(current.journal)) current = await restore(ports, current);
    if (isLeftAlone(current) || !standingRestored(current.journal)) return current;
    current = await undoLeft(ports, current);
    await validate(ports, current);
    const quiet = await watchQuietPeriod(ports, current);
    current = await reread(ports, current);
    if (quiet !== 'bad-again') return current;
    const reason = 'the known-bad release came back';
    current = await withFailedPath(ports, current, { kind: 'bad-again', reason });
  }
  return restore(ports, current);
}

/** Somebody else’s release stands, and a target that was never called needs nothing. */
function isLeftAlone({ journal }: Drill): boolean {
  return lastOf(journal, 'overtaken') !== undefined || entriesOf(journal, 'call').length === 0;
}

/** After the all-clear nothing is validated any more: what broke until then stays unknown. */
async function validate(ports: RestorePorts, drill: Drill): Promise<void> {
  if (!lastOf(drill.journal, 'known-bad-deployed') || lastOf(sinceVoided(drill.journal), 'all-clear')) return;
  const { journal, plan } = drill;
  // What cannot be counted is told as not counted.
  if (hasCounts(plan) && !lastOf(sinceVoided(journal), 'side-effects-counted'))
    await ports.validations.countSideEffects(drill).catch(() => {});
  const done = new Set(standingValidations(drill.journal).map(({ name }) => name));
  const left = plan.validations.filter((one) => !done.has(one.name) && !isJudgedAtSealing(one));
  if (left.length === 0) return;
  checkTime(ports, Math.max(...left.map(({ timeoutMs }) => timeoutMs)));
  // One that cannot be run leaves no verdict: it is unknown on the receipt.
  await whileProbing(ports, drill, () =>
    Promise.allSettled(left.map((validation) => ports.validations.run(drill, validation, 'after'))),
  );
}
