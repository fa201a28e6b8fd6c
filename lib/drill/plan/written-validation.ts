import type { PlanDocument } from './schema.ts';
import { askedOf, secretsOf } from './validations/request.ts';

type Written = PlanDocument['validations'][number];

/** Gives a validation the names that the code uses, by kind. */
export function validationOf({ timeout: timeoutMs, ...validation }: Written) {
  switch (validation.kind) {
    case 'synthetic-transaction':
      return {
        ...validation,
        timeoutMs,
        secrets: secretsOf(validation.secrets),
        steps: validation.steps.map(askedOf),
        tidyUp: validation.tidyUp.map(askedOf),
      };
    case 'version-uniformity':
      return { ...validation, timeoutMs };
    case 'replica-schema': {
      const { maximumLag: maximumLagMs, ...schema } = validation;
      return { ...schema, timeoutMs, maximumLagMs };
    }
    case 'data-consistency':
      return { ...validation, timeoutMs };
    default:
      return validation satisfies never;
  }
}
