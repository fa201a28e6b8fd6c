import { operationOf } from '../../sandbox/faults/operation.ts';
import { SERVICE_NAMES, type ServiceName, wireOf } from '../../sandbox/faults/services.ts';
import type { Call } from './accidents.ts';
import type { Outgoing } from './process/network.ts';

/** Numbers the calls of a drill by who makes them, in which state, and what they ask for. */
export interface CallRegister {
  /** In order. */
  readonly calls: readonly Call[];
  /** All attempts of a client are one call. */
  callOf(who: string, phase: string, request: Outgoing): { readonly call: Call; readonly isFirst: boolean };
  /** What was before does not belong to the drill. */
  forget(): void;
}

export function callRegister(): CallRegister {
  const calls: Call[] = [];
  const counts = new Map<string, number>();
  const known = new Map<string, Call>();
  return {
    calls,
    callOf(who, phase, request) {
      const id = request.headers[INVOCATION] ?? '';
      const before = known.get(id);
      if (before) return { call: before, isFirst: false };
      const service = serviceOf(request);
      const kind = { who, phase, operation: `${service}.${operationOf(service, request)}` };
      const nth = (counts.get(keyOf(kind)) ?? 0) + 1;
      counts.set(keyOf(kind), nth);
      const call = { ...kind, nth };
      known.set(id, call);
      calls.push(call);
      return { call, isFirst: true };
    },
    forget() {
      calls.length = 0;
      counts.clear();
    },
  };
}

/** A client of AWS sends the same with all attempts of a call. */
const INVOCATION = 'amz-sdk-invocation-id';

export function isForAws({ headers }: Outgoing): boolean {
  return headers[INVOCATION] !== undefined;
}

export function serviceOf({ headers }: Outgoing): ServiceName {
  const signed = /Credential=[^/]+\/[^/]+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1];
  const service = SERVICE_NAMES.find((name) => (wireOf(name).signingName ?? name) === signed);
  if (!service) throw new Error(`nobody knows the service '${signed}'`);
  return service;
}

export function keyOf({ who, phase, operation }: Omit<Call, 'nth'>): string {
  return `${who} in ${phase}: ${operation}`;
}

export function isSame(a: Call, b: Call): boolean {
  return keyOf(a) === keyOf(b) && a.nth === b.nth;
}
