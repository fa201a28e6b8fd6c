import type { Judgement } from '../validation.ts';

/** What was found, part by part. */
export interface Findings {
  /** What is not as it must be. */
  readonly wrong: readonly string[];
  /** What could not be shown. */
  readonly unproven: readonly string[];
  /** What was shown. */
  readonly right: readonly string[];
}

/** One thing that is wrong fails it, whatever else could not be shown; without anything shown nothing has passed. */
export function verdictOf(findings: Findings, evidence: readonly string[]): Judgement {
  const { wrong, unproven, right } = findings;
  if (wrong.length > 0) return { verdict: 'failed', reason: listed([...wrong, ...unproven]), evidence };
  if (unproven.length > 0) return { verdict: 'unknown', reason: listed(unproven), evidence };
  if (right.length === 0) return { verdict: 'unknown', reason: 'nothing was measured', evidence };
  return { verdict: 'passed', reason: listed(right), evidence };
}

export function together(parts: readonly Findings[]): Findings {
  return {
    wrong: parts.flatMap(({ wrong }) => wrong),
    unproven: parts.flatMap(({ unproven }) => unproven),
    right: parts.flatMap(({ right }) => right),
  };
}

export function wrong(...reasons: readonly string[]): Findings {
  return { wrong: reasons, unproven: [], right: [] };
}

export function unproven(...reasons: readonly string[]): Findings {
  return { wrong: [], unproven: reasons, right: [] };
}

export function right(...reasons: readonly string[]): Findings {
  return { wrong: [], unproven: [], right: reasons };
}

/** So many that a reason can still be read; the others are counted. */
function listed(reasons: readonly string[], most = 10): string {
  const more = reasons.length - most;
  return [...reasons.slice(0, most), ...(more > 0 ? [`${more} more`] : [])].join('; ');
}
