import type { ValidationOf } from '../drill/plan/plan.ts';
import type { ValidationKind } from '../drill/validation.ts';
import type { Validator } from '../ports/validations.ts';

/** The validator of one kind, for the function that is invoked for no other. */
export function oneKind<Kind extends ValidationKind>(kind: Kind, validator: Validator<Kind>): Validator {
  const own = (validation: { readonly kind: ValidationKind; readonly name: string }) => {
    if (validation.kind === kind) return validation as ValidationOf<Kind>;
    throw new Error(
      `validation ${validation.name} is of kind ${validation.kind}; this function runs ${kind}`,
    );
  };
  return {
    async before(validation, drill, signal) {
      const one = own(validation);
      return validator.before?.(one, drill, signal);
    },
    async judge(validation, drill, signal) {
      return validator.judge(own(validation), drill, signal);
    },
  };
}
