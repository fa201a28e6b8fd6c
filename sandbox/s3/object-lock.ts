import type { BucketSettings } from './bucket-store.ts';
import { S3Error } from './errors.ts';

type RetentionMode = 'GOVERNANCE' | 'COMPLIANCE';

export interface Retention {
  readonly mode: RetentionMode;
  /** ISO 8601. */
  readonly until: string;
}

export interface Lock {
  readonly retention?: Retention | undefined;
  readonly legalHold?: 'ON' | 'OFF' | undefined;
}

export interface DefaultRetention {
  readonly mode: RetentionMode;
  readonly days?: number;
  readonly years?: number;
}

/** Who may touch a protected version: `bypass` is the header that overrides GOVERNANCE. */
interface Attempt {
  readonly bypass: boolean;
  readonly nowMs: number;
}

type Headers = Readonly<Record<string, string>>;

const MODE = 'x-amz-object-lock-mode';
const UNTIL = 'x-amz-object-lock-retain-until-date';
const HOLD = 'x-amz-object-lock-legal-hold';
export const lockHeaderNames = [MODE, UNTIL, HOLD];

/** The lock of a new version: what its headers ask for, else the default of the bucket. */
export function lockOf(headers: Headers, settings: BucketSettings, nowMs: number): Lock {
  const { [MODE]: mode, [UNTIL]: until, [HOLD]: hold } = headers;
  if (mode !== undefined || until !== undefined || hold !== undefined) requireLockable(settings);
  if ((mode === undefined) !== (until === undefined))
    throw invalid(`${UNTIL} and ${MODE} must both be supplied`);
  const retention = mode !== undefined ? retentionOf(mode, until, nowMs) : defaultOf(settings, nowMs);
  return { retention, ...(hold === undefined ? {} : { legalHold: legalHoldOf(hold) }) };
}

export function asksForLock(headers: Headers): boolean {
  return lockHeaderNames.some((name) => headers[name] !== undefined);
}

export function lockHeaders({ retention, legalHold }: Lock): Record<string, string> {
  return {
    ...(retention ? { [MODE]: retention.mode, [UNTIL]: retention.until } : {}),
    ...(legalHold ? { [HOLD]: legalHold } : {}),
  };
}

export function retentionOf(mode: string | undefined, until: string | undefined, nowMs: number): Retention {
  const untilMs = Date.parse(until ?? '');
  if (Number.isNaN(untilMs)) throw invalid('The retain until date must be provided in ISO 8601 format');
  if (untilMs <= nowMs) throw invalid('The retain until date must be in the future!');
  return { mode: modeOf(mode), until: new Date(untilMs).toISOString() };
}

export function modeOf(mode: string | undefined): RetentionMode {
  if (mode === 'GOVERNANCE' || mode === 'COMPLIANCE') return mode;
  throw invalid('Unknown wormMode directive.');
}

export function legalHoldOf(status: string | undefined): 'ON' | 'OFF' {
  if (status === 'ON' || status === 'OFF') return status;
  throw invalid("Legal Hold must be either of 'ON' or 'OFF'");
}

export function requireLockable({ objectLock }: BucketSettings): void {
  if (!objectLock)
    throw new S3Error('InvalidRequest', { message: 'Bucket is missing Object Lock Configuration' });
}

/** Throws `AccessDenied` when the version must not be deleted. */
export function requireDeletable({ retention, legalHold }: Lock, attempt: Attempt): void {
  if (legalHold === 'ON' || isHeld(retention, attempt)) throw denied();
}

/** Throws `AccessDenied` when the change would weaken a retention that still binds. Extending it is always allowed. */
export function requireChangeable(
  current: Retention | undefined,
  next: Retention | undefined,
  attempt: Attempt,
): void {
  if (!current || !isHeld(current, attempt)) return;
  const extended = next?.mode === current.mode && next.until >= current.until;
  if (!extended) throw denied();
}

function isHeld(retention: Retention | undefined, { bypass, nowMs }: Attempt): boolean {
  if (!retention || Date.parse(retention.until) <= nowMs) return false;
  return retention.mode === 'COMPLIANCE' || !bypass;
}

function defaultOf({ objectLock }: BucketSettings, nowMs: number): Retention | undefined {
  const retention = objectLock?.defaultRetention;
  if (!retention) return undefined;
  const until = new Date(nowMs);
  if (retention.days) until.setUTCDate(until.getUTCDate() + retention.days);
  if (retention.years) until.setUTCFullYear(until.getUTCFullYear() + retention.years);
  return { mode: retention.mode, until: until.toISOString() };
}

function denied(): S3Error {
  return new S3Error('AccessDenied', { message: 'Access Denied because object protected by object lock.' });
}

function invalid(message: string): S3Error {
  return new S3Error('InvalidArgument', { message });
}
