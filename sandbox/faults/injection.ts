import { setMaxListeners } from 'node:events';
import type { Endpoints } from '../aws/gateway.ts';
import type { Endpoint } from '../aws/protocol.ts';
import { KINDS } from './kinds.ts';
import { operationOf } from './operation.ts';
import { type FaultRule, parseRule } from './rule.ts';
import { SERVICE_NAMES, type ServiceName, wireOf } from './services.ts';

/** What goes wrong from now on. */
export interface Faults {
  /** Adds a rule such as `ecs.UpdateService#1:throttled`; it counts the calls from now. Throws for what is no rule. */
  inject(rule: string): void;
  /** From now on nothing more goes wrong; calls that are held stay so until their clients give up. */
  clear(): void;
}

export interface FaultInjection {
  readonly faults: Faults;
  /** The same endpoints, by the names that clients sign with, with faults before them. */
  before(endpoints: Endpoints): Endpoints;
  /** Ends the connections that are held. */
  close(): void;
}

export function faultInjection(): FaultInjection {
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  let injected: { readonly rule: FaultRule; calls: number }[] = [];

  /** Every rule that matches counts the call; the first one whose turn it is decides. */
  const ruleFor = (service: ServiceName, operation: string): FaultRule | undefined => {
    const matching = injected.filter(({ rule }) => matches(rule, service, operation));
    for (const each of matching) each.calls += 1;
    return matching.find(({ rule, calls }) => rule.first <= calls && calls <= rule.last)?.rule;
  };
  const faulty =
    (service: ServiceName, endpoint: Endpoint): Endpoint =>
    (request) => {
      if (injected.length === 0) return endpoint(request);
      const operation = operationOf(service, request);
      const rule = ruleFor(service, operation);
      if (!rule) return endpoint(request);
      const call = { service, operation, endpoint, request, closing: closing.signal };
      return KINDS[rule.kind].answer({ ...call, lateByMs: rule.lateByMs });
    };

  return {
    faults: {
      inject: (rule) => {
        injected = [...injected, { rule: parseRule(rule), calls: 0 }];
      },
      clear: () => {
        injected = [];
      },
    },
    before: (endpoints) =>
      Object.fromEntries(
        Object.entries(endpoints).map(([name, endpoint]) => {
          const service = SERVICE_NAMES.find((each) => (wireOf(each).signingName ?? each) === name);
          return [name, service ? faulty(service, endpoint) : endpoint];
        }),
      ),
    close: () => closing.abort(),
  };
}

function matches(rule: FaultRule, service: ServiceName, operation: string): boolean {
  return rule.service === service && (rule.operation ?? operation) === operation;
}
