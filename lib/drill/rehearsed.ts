import type { Detection } from './detection.ts';
import type { Gap } from './gap.ts';

/** In how many drills a trigger may stay silent until it counts as not rehearsed. */
export const REHEARSED_WITHIN_DRILLS = 10;

/** By trigger, the number of the last drill of a target in which it fired. */
export type LastFired = Readonly<Record<string, number>>;

/** What is known after one more drill. */
export function lastFiredAfter(
  before: LastFired,
  { number, detection = [] }: { readonly number: number; readonly detection?: readonly Detection[] },
): LastFired {
  const fired = detection.filter((trigger) => trigger.fired === true);
  return { ...before, ...Object.fromEntries(fired.map(({ name }) => [name, number])) };
}

/** What the detection table shows to be weak. `number` is that of the drill. */
export function gapsOfDetection(detection: readonly Detection[], number: number): readonly Gap[] {
  return detection.flatMap((trigger) => [...keptSilent(trigger), ...notRehearsed(trigger, number)]);
}

function keptSilent({ name, expected, fired, reason }: Detection): readonly Gap[] {
  if (!expected || fired !== false) return [];
  const message = `trigger ${name} should have caught this known-bad release, and stayed silent`;
  return [{ code: 'trigger-silent', severity: 'warning', message, evidence: reason }];
}

function notRehearsed({ name, fired, lastFiredIn, catches }: Detection, number: number): readonly Gap[] {
  if (fired === true || number - (lastFiredIn ?? Number.NEGATIVE_INFINITY) < REHEARSED_WITHIN_DRILLS)
    return [];
  const drills = Math.min(number, REHEARSED_WITHIN_DRILLS);
  const how =
    catches.length > 0
      ? `drill the known-bad release ${catches.join(' or ')}, which it should catch`
      : 'no known-bad release of the plan names it in caughtBy: add one that it should catch';
  return [
    {
      code: 'trigger-not-rehearsed',
      severity: 'notice',
      message: `trigger ${name} is not rehearsed: ${how}`,
      evidence: `it did not fire in the last ${drills === 1 ? 'drill' : `${drills} drills`} of the target`,
    },
  ];
}
