import type { Emit } from '../aws/events.ts';
import { type Endpoint, jsonEndpoint } from '../aws/protocol.ts';
import { alarmOperations } from './alarms.ts';
import { openAlarms } from './store.ts';

export interface CloudWatch {
  readonly endpoint: Endpoint;
}

/** Alarms without metrics: nothing but SetAlarmState changes their state. They survive restarts in `directory`. */
export function startCloudWatch(options: {
  readonly directory: string;
  readonly emit: Emit;
  readonly now?: () => number;
}): CloudWatch {
  const { directory, emit, now = Date.now } = options;
  return { endpoint: jsonEndpoint(alarmOperations(openAlarms(directory), emit, now), '1.0') };
}
