import type { Judgement } from '../validation.ts';

/** Why a request did not show what it should: `failed` by the system, `unknown` when it says nothing about the system. */
export interface Trouble {
  readonly verdict: Exclude<Judgement['verdict'], 'passed'>;
  readonly reason: string;
}

export function failed(reason: string): Trouble {
  return { verdict: 'failed', reason };
}

export function unknown(reason: string): Trouble {
  return { verdict: 'unknown', reason };
}
