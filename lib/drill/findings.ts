import type { Stray } from './clock.ts';
import type { Figures } from './figures.ts';
import type { Gap } from './gap.ts';
import type { ReceiptFacts } from './receipt.ts';

const SLOW_REHEARSAL_MS = 15 * 60_000;
const FAST_REHEARSAL_MS = 2 * 60_000;

/** The gaps that the figures themselves show. */
export function gapsOf(facts: ReceiptFacts, figures: Figures): readonly Gap[] {
  return [
    ...undetected(facts),
    ...timer(figures.rehearsalTimerMs),
    ...impact(figures.userImpactMs, figures.failedProbeShare),
    ...illusion(figures.illusionOfRecoveryMs, facts.probes.summary?.strays),
  ];
}

function undetected({ incidents }: ReceiptFacts): readonly Gap[] {
  return incidents
    .filter((incident) => incident.kind === 'undetected')
    .map((incident) =>
      gap(
        'bad-release-undetected',
        'serious',
        'bad release undetected: none of the plan’s triggers fired',
        incident.reason,
      ),
    );
}

function timer(rehearsalTimerMs: number | null): readonly Gap[] {
  if (rehearsalTimerMs === null) return [];
  const evidence = `rehearsal timer ${rehearsalTimerMs} ms`;
  if (rehearsalTimerMs > SLOW_REHEARSAL_MS)
    return [gap('slow-rehearsal', 'serious', 'the rollback takes longer than 15 minutes', evidence)];
  if (rehearsalTimerMs < FAST_REHEARSAL_MS) {
    return [
      gap(
        'fast-rehearsal',
        'notice',
        'back in under 2 minutes: is it automated into blast radius without thinking?',
        evidence,
      ),
    ];
  }
  return [];
}

function impact(userImpactMs: number | null, failedProbeShare: number | null): readonly Gap[] {
  if (failedProbeShare !== 0) return [];
  return [
    gap(
      'no-user-impact',
      'notice',
      'the drill hurt nobody, so it proved less',
      `user impact ${userImpactMs} ms, 0 failing probes`,
    ),
  ];
}

function illusion(illusionOfRecoveryMs: number | null, strays: readonly Stray[] = []): readonly Gap[] {
  if (!illusionOfRecoveryMs) return [];
  const message =
    'users still saw the known-bad release after the control plane said that the rollback was done';
  const evidence = [`${illusionOfRecoveryMs} ms`, ...strays.map(toldOf)].join('; ');
  return [gap('illusion-of-recovery', 'warning', message, evidence)];
}

function toldOf({ instance, answers, lastSeenAt }: Stray): string {
  const who = instance === null ? 'tasks that do not tell their names' : `task ${instance}`;
  return `${answers} answers of ${who}, the last at ${lastSeenAt}`;
}

function gap(code: string, severity: Gap['severity'], message: string, evidence: string): Gap {
  return { code, severity, message, evidence };
}
