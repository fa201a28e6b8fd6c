import type { Clock, Judgement, Validator } from '../../ports.ts';
import { syntheticTransaction } from './synthetic-transaction.ts';

/** The validator of every kind. What breaks while it judges, or a kind of another version, is `unknown`. */
export function validatorByKind(clock: Pick<Clock, 'now'>): Validator {
  const transaction = syntheticTransaction(clock);
  return async (validation, plan, signal) => {
    try {
      switch (validation.kind) {
        case 'synthetic-transaction':
          return await transaction(validation, plan, signal);
        default:
          return unknown(`no validator for kind '${validation.kind satisfies never}'`);
      }
    } catch (error) {
      // The message may hold what the validation must not tell.
      return unknown(`the validation itself broke: ${error instanceof Error ? error.name : 'unknown error'}`);
    }
  };
}

function unknown(reason: string): Judgement {
  return { verdict: 'unknown', reason, evidence: [] };
}
