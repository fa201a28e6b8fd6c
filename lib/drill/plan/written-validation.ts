import { contentOf } from './content.ts';
import type { PlanDocument } from './schema.ts';

type Written = PlanDocument['validations'][number];
type Step = Extract<Written, { kind: 'synthetic-transaction' }>['steps'][number];

/** Gives a validation the names that the code uses, by kind. */
export function validationOf({ timeout: timeoutMs, ...validation }: Written) {
  switch (validation.kind) {
    case 'synthetic-transaction':
      return { ...validation, timeoutMs, steps: validation.steps.map(stepOf) };
    default:
      return validation.kind satisfies never;
  }
}

function stepOf({ expect, headers, body, ...step }: Step) {
  const { within: withinMs, ...answer } = expect;
  const time: { withinMs?: number } = withinMs === undefined ? {} : { withinMs };
  return { ...step, ...contentOf(headers, body), expect: { ...answer, ...time } };
}
