import type { Outcome } from '../drill/outcome.ts';

export const OUTCOME_COLOURS = {
  passed: 'green',
  rescued: 'yellow',
  inconclusive: 'yellow',
  aborted: 'yellow',
  compromised: 'yellow',
  refused: 'blue',
  failed: 'red',
  'not-restored': 'red',
} as const satisfies Record<Outcome, string>;
