import { StateError } from './errors.ts';
import { payloadOf } from './payload.ts';

/** Never changed in place: a state sees what was there when it was entered, an inner scope what was there when it began. */
export type Variables = Readonly<Record<string, unknown>>;

/** AWS allows as much in one execution; here each scope is measured on its own. */
const TOTAL_LIMIT_BYTES = 10 * 1024 * 1024;

export interface Assignment {
  readonly variables: Variables;
  /** JSON text by name, as the history shows it. */
  readonly assigned: Readonly<Record<string, string>>;
}

/** Throws `States.DataLimitExceeded` when a variable, or all that one Assign sets, is too large. */
export function assign(variables: Variables, values: Readonly<Record<string, unknown>>): Assignment {
  payloadOf(values, 'The size of the variables of one Assign');
  const assigned = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)]),
  );
  const next = { ...variables, ...values };
  if (Object.keys(assigned).length > 0 && Buffer.byteLength(JSON.stringify(next)) > TOTAL_LIMIT_BYTES)
    throw new StateError(
      'States.DataLimitExceeded',
      `The variables exceed the limit of ${TOTAL_LIMIT_BYTES} bytes.`,
    );
  return { variables: next, assigned };
}
