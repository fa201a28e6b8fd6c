import * as v from 'valibot';
import { section, whole } from './fields.ts';
import { alarms } from './guardrails.ts';
import { duration, share } from './words.ts';

/** Limits of the harm that a drill may do: beyond them it is stopped, and the target restored. */
export function stopConditions() {
  return section({
    maximumFailingShare: v.exactOptional(
      v.pipe(share(100), v.description('the share of failing probes since the known-bad release, like 60%')),
    ),
    minimumSamples: v.optional(
      v.pipe(whole(1, 10_000), v.description('the probes that the share needs before it counts')),
      20,
    ),
    maximumBadFor: v.exactOptional(
      v.pipe(
        duration('1s', '4h'),
        v.description('how long probes may fail, from the first failing one, like 3m'),
      ),
    ),
    alarms: v.optional(
      v.pipe(alarms(), v.description('CloudWatch alarms that stop the drill when they go to ALARM')),
      [],
    ),
  });
}
