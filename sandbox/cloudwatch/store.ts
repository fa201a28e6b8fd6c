import { join } from 'node:path';
import { arn } from '../aws/account.ts';
import { AwsError } from '../aws/protocol.ts';
import { documentAt } from '../state.ts';
import type { Definition } from './definition.ts';

export const STATES = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const;

export interface AlarmState {
  readonly value: (typeof STATES)[number];
  readonly reason: string;
  /** JSON, as whoever set the state gave it. */
  readonly reasonData: string | undefined;
  /** When anything of the state was set. */
  readonly updatedMs: number;
  /** Since when it has this value. */
  readonly changedMs: number;
}

export interface Alarm {
  readonly definition: Definition;
  /** Under which its metric stands in events. */
  readonly metricId: string;
  readonly configuredMs: number;
  readonly state: AlarmState;
}

/** Every alarm; each change is on disk before it is answered. */
export interface Alarms {
  /** In the order of their names. */
  all(): readonly Alarm[];
  find(name: string): Alarm | undefined;
  /** Throws ResourceNotFound. */
  get(name: string): Alarm;
  put(alarm: Alarm): void;
  delete(names: readonly string[]): void;
}

export function openAlarms(directory: string): Alarms {
  const document = documentAt<readonly Alarm[]>(join(directory, 'alarms.json'), []);
  const others = (names: readonly string[]) =>
    document.read().filter(({ definition }) => !names.includes(definition.AlarmName));
  const find = (name: string) => document.read().find(({ definition }) => definition.AlarmName === name);
  return {
    all: document.read,
    find,
    get: (name) => find(name) ?? unknownAlarm(name),
    put: (alarm) =>
      document.write([...others([alarm.definition.AlarmName]), alarm].sort((a, b) => order(a, b))),
    delete: (names) => document.write(others(names)),
  };
}

export function arnOf({ definition }: Alarm): string {
  return arn('cloudwatch', `alarm:${definition.AlarmName}`);
}

function order(a: Alarm, b: Alarm): number {
  return a.definition.AlarmName < b.definition.AlarmName ? -1 : 1;
}

function unknownAlarm(name: string): never {
  throw new AwsError('ResourceNotFound', `The alarm ${name} does not exist.`, { statusCode: 404 });
}
