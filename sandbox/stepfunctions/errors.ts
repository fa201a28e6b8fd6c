/** A state failed. `errorName` is what `ErrorEquals` matches; some failures answer to a second name as well. */
export class StateError extends Error {
  override readonly name = 'StateError';
  readonly errorName: string | undefined;
  readonly causeText: string | undefined;
  readonly alias: string | undefined;

  constructor(
    errorName: string | undefined,
    causeText?: string | undefined,
    { alias }: { readonly alias?: string } = {},
  ) {
    super(`${errorName}: ${causeText}`);
    this.errorName = errorName;
    this.causeText = causeText;
    this.alias = alias;
  }
}

/** The branch was told to end: never retried, never caught, and nothing more is recorded for it. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** What is not a state's failure is the interpreter's own fault: terminal, with the stack as its cause. */
export function asStateError(thrown: unknown): StateError {
  if (thrown instanceof StateError) return thrown;
  return new StateError(
    'States.Runtime',
    thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
  );
}
