import type { Entry } from '../drill/entry.ts';
import { lastOf } from '../drill/journal.ts';
import { steadyState } from '../drill/witness/steady-state.ts';
import { knownBadIdentity } from './known-bad.ts';
import type { Sight, WitnessPorts } from './witness.ts';

/** Before anything is touched: what users meet has to be well, and the known-bad release must not be among it. */
export async function judgeSteadyState(
  { clock, waits }: WitnessPorts,
  { drill, samples }: Sight,
): Promise<void> {
  if (lastOf(drill.journal, 'steady-state') || lastOf(drill.journal, 'refused')) return;
  if (drill.abort)
    return void (await waits.signal(
      drill,
      'CheckGuardrails',
      { kind: 'refused', reason: drill.abort.reason },
      [],
    ));
  const startedAt = samples[0]?.sentAt ?? clock.now();
  const verdict = steadyState(samples, drill.plan.steadyState, startedAt, clock.now());
  const knownBad = knownBadIdentity(drill);
  if (verdict.kind === 'measuring') return;
  const refusal =
    verdict.kind === 'bad'
      ? verdict.reason
      : verdict.release === knownBad
        ? `release ${knownBad} already answers: it is the known-bad release`
        : null;
  if (refusal !== null) {
    const reason = `steady-state: ${refusal}`;
    await waits.signal(drill, 'CheckGuardrails', { kind: 'refused', reason }, [
      { kind: 'refused', key: 'refused/steady-state', by: 'guardrail', reason },
    ]);
  } else if (verdict.kind === 'good') {
    const steady: Entry = {
      kind: 'steady-state',
      key: 'steady-state',
      release: verdict.release,
      baseline: verdict.baseline,
      reason: verdict.reason,
    };
    await waits.signal(drill, 'CheckGuardrails', { kind: 'steady', reason: verdict.reason }, [steady]);
  }
}
