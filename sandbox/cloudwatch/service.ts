import type { Emit } from '../aws/events.ts';
import { type Endpoint, jsonEndpoint } from '../aws/protocol.ts';
import type { Truth } from '../truth.ts';
import { alarmOperations } from './alarms.ts';
import { type Datum, openMetrics, sampleOf } from './metrics.ts';
import { openAlarms } from './store.ts';

export interface CloudWatch {
  readonly endpoint: Endpoint;
  /** What an AWS service measures of itself. Never fails; a datum without values says nothing. */
  record(data: readonly Datum[]): void;
  close(): void;
}

/** Metrics live as long as the process; alarms and their state survive restarts in `directory`. */
export function startCloudWatch(options: {
  readonly directory: string;
  readonly emit: Emit;
  readonly truth?: Truth;
  readonly now?: () => number;
  /** How long a minute of its alarms lasts, for real. */
  readonly minuteMs?: number;
}): CloudWatch {
  const { directory, emit, now = Date.now } = options;
  const metrics = openMetrics(now);
  return {
    endpoint: jsonEndpoint(alarmOperations(openAlarms(directory), emit, now), '1.0'),
    record(data) {
      for (const datum of data) {
        const sample = sampleOf(datum);
        if (sample) metrics.add(datum, sample);
      }
    },
    close() {},
  };
}
