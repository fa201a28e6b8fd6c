import type { Judgement } from '../validation.ts';
import type { Trouble } from './trouble.ts';

export interface StepTaken {
  readonly name: string;
  /** `201 in 30 ms`; what came of a step that was not sent is told by its trouble alone. */
  readonly told: string | null;
  readonly trouble: Trouble | null;
}

/** What became of a transaction: of its steps until the first that failed, and of all that tidy up. */
export interface Transacted {
  readonly steps: number;
  readonly taken: readonly StepTaken[];
  readonly tidying: readonly StepTaken[];
  readonly tookMs: number;
}

/** A failure to tidy up decides only when everything else passed; it is in the evidence in any case. */
export function judgeTransaction({ steps, taken, tidying, tookMs }: Transacted): Judgement {
  const evidence = [...taken.flatMap(toldOf), ...tidying.map(tidyingOf)];
  const stopped = taken.find(({ trouble }) => trouble !== null);
  if (stopped?.trouble) {
    const { verdict, reason } = stopped.trouble;
    return { verdict, reason: `step ${stopped.name}: ${reason}`, evidence };
  }
  const passed = `${taken.length} of ${steps} steps passed in ${tookMs} ms`;
  if (taken.length < steps) return { verdict: 'unknown', reason: passed, evidence };
  const untidy = tidying.filter(({ trouble }) => trouble !== null);
  const worst = untidy.find(({ trouble }) => trouble?.verdict === 'failed') ?? untidy[0];
  if (worst?.trouble) {
    const left = `${passed}; ${tidying.length - untidy.length} of ${tidying.length} tidied up`;
    const { verdict, reason } = worst.trouble;
    return { verdict, reason: `${left}, tidy-up step ${worst.name}: ${reason}`, evidence };
  }
  const tidied = tidying.length > 0 ? `, ${tidying.length} of ${tidying.length} tidied up` : '';
  return { verdict: 'passed', reason: `${passed}${tidied}`, evidence };
}

function toldOf({ name, told }: StepTaken): readonly string[] {
  return told === null ? [] : [`${name}: ${told}`];
}

function tidyingOf({ name, told, trouble }: StepTaken): string {
  return `tidy-up ${name}: ${[told, trouble?.reason].filter(Boolean).join('; ')}`;
}
