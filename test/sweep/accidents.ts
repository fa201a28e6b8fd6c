import type { HttpRequest, HttpResponse } from '../../sandbox/aws/protocol.ts';
import { refusal } from '../../sandbox/faults/refusal.ts';
import { type ServiceName, wireOf } from '../../sandbox/faults/services.ts';

/** What becomes of a call. */
export const CALL_FAULTS = [
  'throttled',
  'denied',
  'unavailable',
  'reset',
  /** Nobody answers, and nothing was done. */
  'unanswered-before',
  /** It was done, and nobody answers. */
  'unanswered-after',
  /** Nobody answers, and it is done after the client has given up. */
  'late',
  /** It was done, and the answer cannot be read. */
  'malformed',
  /** It was done, and the function is killed before it hears of it. */
  'killed',
] as const;

export type CallFault = (typeof CALL_FAULTS)[number];

/** One call of a drill: who made it while the drill was in which state, and the how-manieth of its kind it was. */
export interface Call {
  readonly who: string;
  readonly phase: string;
  readonly operation: string;
  readonly nth: number;
}

export const FUNCTION_FAULTS = ['crashes-before', 'crashes-after', 'times-out'] as const;
export type FunctionFault = (typeof FUNCTION_FAULTS)[number];

export const EVENT_FAULTS = ['lost', 'doubled', 'late', 'out-of-order'] as const;
export type EventFault = (typeof EVENT_FAULTS)[number];

export type Accident =
  /** The client's first attempt, or all of its attempts. */
  | {
      readonly kind: 'call';
      readonly call: Call;
      readonly fault: CallFault;
      readonly attempts: 'first' | 'all';
    }
  /** Every call whose operation begins so, from a state on, for so long. */
  | {
      readonly kind: 'outage';
      readonly operations: readonly string[];
      readonly from: string;
      readonly fault: CallFault;
      readonly forMs: number;
    }
  | {
      readonly kind: 'function';
      readonly name: string;
      readonly nth: number | 'every';
      readonly fault: FunctionFault;
    }
  /** A person stops the execution so long after a state was entered. */
  | { readonly kind: 'stopped'; readonly phase: string; readonly afterMs: number }
  | { readonly kind: 'timed-out'; readonly phase: string; readonly afterSeconds: number }
  | { readonly kind: 'event'; readonly name: string; readonly nth: number; readonly fault: EventFault };

/** When a call that is late is done after all: its clients have given up, its function may still run. */
export const LATE_MS = 12_500;

/** An error as clients of the service understand it. */
export function refused(
  operation: string,
  fault: 'throttled' | 'denied' | 'unavailable',
  request: HttpRequest,
): Promise<HttpResponse> {
  const [service, name = ''] = operation.split('.') as [ServiceName, string];
  return refusal(service, name, { message: 'as the sweep has it', ...wireOf(service)[fault] }, request);
}

export function malformed(): HttpResponse {
  return { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>{' };
}
