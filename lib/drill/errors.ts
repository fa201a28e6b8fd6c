/** Faults with literal names: Step Functions matches on them. */

export class DrillNotFound extends Error {
  override readonly name = 'DrillNotFound';
  constructor(drillId: string) {
    super(`There is no drill '${drillId}'. 'drill list' shows the drills there are.`);
  }
}

/** Somebody else has taken the drill over; the caller must not act any more. */
export class FenceRaised extends Error {
  override readonly name = 'FenceRaised';
  constructor(drillId: string, fence: string) {
    super(
      `Drill '${drillId}' was taken over: fence ${fence} is no longer the highest. Nothing more is done here.`,
    );
  }
}

/** The target was in another state than was observed a moment before. Not a failure of the path. */
export class PathNotApplicable extends Error {
  override readonly name = 'PathNotApplicable';
}

/** A fault that may be gone at the next try. */
export class TransientFault extends Error {
  override readonly name = 'TransientFault';
}

/** What was read before the drill refuses it. The message tells the value found and the value allowed. */
export class GuardrailRefused extends Error {
  override readonly name = 'GuardrailRefused';
}
