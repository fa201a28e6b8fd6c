import { StateError } from './errors.ts';

/** As GetExecutionHistory shows it, except that `timestamp` is in epoch milliseconds. */
export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly type: string;
  readonly timestamp: number;
  readonly [details: `${string}EventDetails`]: Readonly<Record<string, unknown>>;
}

export interface History {
  readonly events: readonly HistoryEvent[];
  /** The new event's id; 0 once the history is sealed, which is no fault: late work has nothing more to say. */
  append(type: string, previousEventId: number, details?: Readonly<Record<string, unknown>>): number;
  seal(): void;
}

/** AWS ends an execution at this many. The last places are kept for how it ends. */
const EVENT_LIMIT = 25_000;
const RESERVED = 10;

/** Throws `States.Runtime` from `append` when the history is full. */
export function startHistory(now: () => number, changed: () => void): History {
  const events: HistoryEvent[] = [];
  let sealed = false;
  return {
    events,
    append(type, previousEventId, details) {
      if (sealed) return 0;
      if (events.length >= EVENT_LIMIT - RESERVED && !isLast(type)) throw historyFull();
      const id = events.length + 1;
      const member = details ? { [detailsMember(type)]: details } : {};
      events.push({ id, previousEventId, type, timestamp: now(), ...member });
      changed();
      return id;
    },
    seal() {
      sealed = true;
    },
  };
}

/** On the wire: times in seconds, and without inputs and outputs when they were not asked for. */
export function wireEvent(event: HistoryEvent, data: 'with-data' | 'without-data'): object {
  const wire = Object.entries(event).map(([member, value]) =>
    typeof value === 'object' && data === 'without-data' ? [member, withoutData(value)] : [member, value],
  );
  return { ...Object.fromEntries(wire), timestamp: event.timestamp / 1000 };
}

function detailsMember(type: string): `${string}EventDetails` {
  if (type.endsWith('StateEntered')) return 'stateEnteredEventDetails';
  if (type.endsWith('StateExited')) return 'stateExitedEventDetails';
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
}

function isLast(type: string): boolean {
  return type.startsWith('Execution') || type.endsWith('Aborted');
}

function historyFull(): StateError {
  const cause = `The execution reached the maximum number of history events (${EVENT_LIMIT}).`;
  return new StateError('States.Runtime', cause);
}

function withoutData(details: object): object {
  const hidden = ['input', 'output', 'parameters', 'assignedVariables'];
  return Object.fromEntries(Object.entries(details).filter(([member]) => !hidden.includes(member)));
}
