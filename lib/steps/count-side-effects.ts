import * as v from 'valibot';
import { iso } from '../drill/clock.ts';
import { rollbacksOf } from '../drill/journal.ts';
import type { CountSource, Plan } from '../drill/plan/plan.ts';
import { type BadWindow, badWindow, type Counted } from '../drill/side-effects.ts';
import type { Ports } from '../ports/ports.ts';
import type { Counters } from '../ports/validations.ts';
import { type Decision, StepInput } from './input.ts';
import { Fenced } from './run-validation.ts';

export const CountInput = v.object({ ...StepInput.entries, ...Fenced });

const LIMIT_MS = 60_000;

/** Counts what happened while the known-bad release was live, as far as the plan says how. What cannot be counted is not known. */
export async function countSideEffects(
  { clock, journal }: Pick<Ports, 'clock' | 'journal'>,
  counters: Counters,
  { drillId, fence }: v.InferOutput<typeof CountInput>,
): Promise<Decision> {
  const found = await journal.read(drillId);
  const drill = fence === undefined ? found : { ...found, fence };
  const window = badWindow(drill.journal);
  if (!window) return { kind: 'not-counted', reason: 'the target is not restored' };
  const signal = AbortSignal.timeout(LIMIT_MS);
  const { sideEffects, databases } = drill.plan;
  const count: Count = (source) => counters(source, window, databases, signal);
  const counts = await Promise.all(sideEffects.map((effect) => counted(count, effect, window)));
  const key = `side-effects-counted/${rollbacksOf(drill.journal)}`;
  const at = iso(clock.now());
  await journal.append(drill, [{ kind: 'side-effects-counted', key, counts: counts.flat(), at }]);
  return {
    kind: 'counted',
    reason: counts
      .flat()
      .map(({ reason }) => reason)
      .join('; '),
  };
}

type Count = (source: CountSource) => Promise<number>;

async function counted(
  count: Count,
  { endpoint, count: source }: Plan['sideEffects'][number],
  window: BadWindow,
): Promise<readonly Counted[]> {
  if (!source) return [];
  const during = `from ${iso(window.since)} to ${iso(window.until)}`;
  return count(source).then(
    (found) => [{ endpoint, count: found, reason: `${found} ${during}` }],
    ({ message }: Error) => [{ endpoint, count: null, reason: `not counted ${during}: ${message}` }],
  );
}
