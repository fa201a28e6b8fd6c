import type { Entry } from './entry.ts';
import type { Gap } from './gap.ts';
import { lastOf, markTime, sinceVoided } from './journal.ts';

/** Something that a rollback cannot undo, as the plan's census tells it. */
export interface SideEffect {
  readonly endpoint: string;
  readonly effect: string;
  readonly compensation: string;
}

export const NO_WAY_TO_COUNT = 'the plan names no way to count it';

/** From the first sign of the known-bad release to the restored target, epoch milliseconds. */
export interface BadWindow {
  readonly since: number;
  readonly until: number;
}

/** How often an effect happened in the bad window; `null` when it could not be counted. */
export interface Counted {
  readonly endpoint: string;
  readonly count: number | null;
  readonly reason: string;
}

/** A side effect on the receipt: what happened, and what is owed for it. */
export interface OwedSideEffect extends SideEffect {
  /** How often it happened while the known-bad release was live; `null` when that is not known. */
  readonly happened: number | null;
  /** What was counted, or why nothing was. */
  readonly reason: string;
  /** What is to be done; `null` when nothing happened. */
  readonly owed: string | null;
}

export function hasCounts({
  sideEffects,
}: {
  readonly sideEffects: readonly { readonly count?: object }[];
}): boolean {
  return sideEffects.some(({ count }) => count !== undefined);
}

/** `null` while the target is not restored, and when the known-bad release was never deployed. */
export function badWindow(journal: readonly Entry[]): BadWindow | null {
  const since = markTime(journal, 'badServing') ?? markTime(journal, 'badDeployStarted');
  const restored = lastOf(sinceVoided(journal), 'restored');
  return since === null || !restored ? null : { since, until: Date.parse(restored.at) };
}

/** The census with what was counted of it. */
export function owedSideEffects(
  journal: readonly Entry[],
  census: readonly SideEffect[],
): readonly OwedSideEffect[] {
  const counts = lastOf(sinceVoided(journal), 'side-effects-counted')?.counts ?? [];
  return census.map(({ endpoint, effect, compensation }) => {
    const counted = counts.find((one) => one.endpoint === endpoint);
    const happened = counted?.count ?? null;
    const reason = counted?.reason ?? NO_WAY_TO_COUNT;
    return { endpoint, effect, compensation, happened, reason, owed: owed(happened, compensation) };
  });
}

/** Without a census, or where it cannot count, nobody knows what is owed. */
export function gapsOfCensus(sideEffects: readonly Partial<OwedSideEffect>[]): readonly Gap[] {
  if (sideEffects.length === 0) {
    const message = 'the plan has no side-effect census: what the known-bad release did is not known';
    return [{ code: 'no-side-effect-census', severity: 'notice', message, evidence: 'sideEffects is empty' }];
  }
  return sideEffects.flatMap(({ endpoint, happened, reason = '' }) => {
    if (happened !== null || reason === NO_WAY_TO_COUNT) return [];
    const message = `what ${endpoint} did while the known-bad release was live could not be counted`;
    return [{ code: 'side-effects-not-counted', severity: 'warning', message, evidence: reason }];
  });
}

function owed(happened: number | null, compensation: string): string | null {
  if (happened === 0) return null;
  return happened === null ? `not counted: ${compensation}` : `${happened} × ${compensation}`;
}
