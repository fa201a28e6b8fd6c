/** A condition whose numbers are not allowed. */
export class ConditionError extends Error {
  override readonly name = 'ConditionError';
}

/** Throws a ConditionError for a number that is not allowed. */
export function within(what: string, received: number, least: number, most: number): number {
  if (received >= least && received <= most) return received;
  throw new ConditionError(`${what} must be ${least} to ${most}; received ${received}.`);
}
