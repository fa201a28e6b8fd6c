import { Duration } from 'aws-cdk-lib';
import { ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/**
 * For how long nobody deletes or changes what was put. In governance mode, whoever may `s3:BypassGovernanceRetention` can
 * all the same; in compliance mode nobody can, not even the account's root.
 */
export type ReceiptsLock = 'none' | `${'governance' | 'compliance'}:${number}d`;

const DEFAULT: ReceiptsLock = 'governance:365d';
const MOST_DAYS = 36_500;

/** What was asked for, or what the context `receiptsLock` says; `undefined` for none. Throws when it is not understood. */
export function retentionOf(scope: Construct, asked?: ReceiptsLock): ObjectLockRetention | undefined {
  const written: unknown = asked ?? scope.node.tryGetContext('receiptsLock') ?? DEFAULT;
  if (written === 'none') return undefined;
  const [, mode, days] = /^(governance|compliance):([1-9]\d{0,4})d$/.exec(String(written)) ?? [];
  if (mode === undefined || Number(days) > MOST_DAYS)
    throw new Error(
      `receiptsLock is '${written}'; allowed are none, governance:DAYSd and compliance:DAYSd with 1 to ${MOST_DAYS} days, like ${DEFAULT}.`,
    );
  const duration = Duration.days(Number(days));
  return mode === 'governance'
    ? ObjectLockRetention.governance(duration)
    : ObjectLockRetention.compliance(duration);
}
