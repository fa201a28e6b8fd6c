import { isKind, KINDS, type KindName } from './kinds.ts';
import { isService, SERVICE_NAMES, type ServiceName } from './services.ts';

/** Which calls something goes wrong with, and what. */
export interface FaultRule {
  readonly service: ServiceName;
  /** `undefined` for every operation. */
  readonly operation: string | undefined;
  /** Of the calls that match, counted from 1. */
  readonly first: number;
  readonly last: number;
  readonly kind: KindName;
  readonly lateByMs: number;
}

export const RULE_FORM = 'SERVICE.OPERATION[#N|#N+]:KIND';

const RULE =
  /^(?<service>[\w-]+)\.(?<operation>\w+|\*)(?:#(?<nth>[1-9]\d{0,5})(?<onwards>\+?))?:(?<kind>[a-z-]+)(?:=(?<seconds>\d+(?:\.\d+)?))?$/;
const LATE_SECONDS = 2;
const MAX_LATE_SECONDS = 300;

/** Throws an error that says what a rule looks like. */
export function parseRule(text: string): FaultRule {
  const { service = '', operation, nth, onwards, kind = '', seconds } = text.match(RULE)?.groups ?? {};
  if (!isService(service)) throw wrong(text, `services are ${SERVICE_NAMES.join(', ')}`);
  if (!isKind(kind)) throw wrong(text, `kinds are ${Object.keys(KINDS).join(', ')}`);
  const lateBySeconds = Number(seconds ?? LATE_SECONDS);
  if (seconds !== undefined && (kind !== 'late' || lateBySeconds > MAX_LATE_SECONDS))
    throw wrong(text, `only late has seconds, at most ${MAX_LATE_SECONDS}`);
  const first = Number(nth ?? 1);
  return {
    service,
    operation: operation === '*' ? undefined : operation,
    first,
    last: nth === undefined || onwards ? Number.POSITIVE_INFINITY : first,
    kind,
    lateByMs: lateBySeconds * 1000,
  };
}

function wrong(text: string, allowed: string): Error {
  return new Error(
    `'${text}' is no fault; a fault has the form ${RULE_FORM}, such as ecs.UpdateService#1:throttled, where ${allowed}.`,
  );
}
