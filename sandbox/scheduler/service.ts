import type { Deliver } from '../aws/events.ts';
import type { Endpoint } from '../aws/protocol.ts';
import type { Truth } from '../truth.ts';
import { startFiring } from './firing.ts';
import { groupOperations } from './groups.ts';
import { invoker } from './invocation.ts';
import { scheduleOperations } from './schedules.ts';
import { openStore } from './store.ts';
import { restEndpoint } from './wire.ts';

export interface Scheduler {
  readonly endpoint: Endpoint;
  /** Begins firing; what was due while it was down fires now if its retry policy's maximum event age allows. */
  start(): void;
  close(): Promise<void>;
}

/** Schedules survive restarts in `directory`. AWS fires within the minute that is due, the sandbox in its very second. */
export function startScheduler(options: {
  readonly directory: string;
  readonly deliver: Deliver;
  readonly truth?: Truth;
  readonly now?: () => number;
  readonly retryDelayMs?: number;
}): Scheduler {
  const { directory, deliver, truth = () => {}, now = Date.now, retryDelayMs = 1000 } = options;
  const store = openStore(directory, now());
  const closing = new AbortController();
  const { signal } = closing;
  const invoke = invoker({ store, deliver, truth, now, retryDelayMs, signal });
  const firing = startFiring({ store, now, invoke });
  const schedules = scheduleOperations(store, firing, now);
  const groups = groupOperations(store, now);
  return {
    endpoint: restEndpoint({
      'POST /schedules/{Name}': schedules.create,
      'GET /schedules/{Name}': schedules.get,
      'PUT /schedules/{Name}': schedules.update,
      'DELETE /schedules/{Name}': schedules.delete,
      'GET /schedules': schedules.list,
      'POST /schedule-groups/{Name}': groups.create,
      'GET /schedule-groups/{Name}': groups.get,
      'DELETE /schedule-groups/{Name}': groups.delete,
      'GET /schedule-groups': groups.list,
    }),
    start: firing.start,
    close() {
      closing.abort();
      return firing.close();
    },
  };
}
