import type { Emit, ServiceEvent } from '../../sandbox/aws/events.ts';
import type { Accident } from './accidents.ts';

const LATE_MS = 120_000;
const OUT_OF_ORDER_MS = 3_000;

/** Tells of every event that the services emit, and lets some of them get lost, come twice or late. */
export function eventsThrough(
  emit: Emit,
  accidents: readonly Accident[],
  { emitted, hit }: { readonly emitted: (name: string) => void; readonly hit: () => void },
): Emit {
  const counts = new Map<string, number>();
  return (event) => {
    const name = nameOf(event);
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    emitted(`${name}#${nth}`);
    const accident = accidents.find((one) => one.kind === 'event' && one.name === name && one.nth === nth);
    if (accident?.kind !== 'event') return emit(event);
    hit();
    const { fault } = accident;
    const later = (ms: number): void => void setTimeout(() => emit(event), ms);
    switch (fault) {
      case 'lost':
        return;
      case 'doubled':
        emit(event);
        return later(OUT_OF_ORDER_MS);
      case 'late':
        return later(LATE_MS);
      case 'out-of-order':
        return later(OUT_OF_ORDER_MS);
      default:
        return fault satisfies never;
    }
  };
}

/** `ECS Deployment State Change: SERVICE_DEPLOYMENT_FAILED` */
export function nameOf({ detailType, detail }: Pick<ServiceEvent, 'detailType' | 'detail'>): string {
  const what =
    detail.eventName ?? detail.lastStatus ?? detail.status ?? ofPipeline(detail) ?? alarmed(detail);
  const machine =
    typeof detail.stateMachineArn === 'string' ? ` of ${detail.stateMachineArn.split(':').at(-1)}` : '';
  return `${detailType}: ${what}${machine}`;
}

/** `Smoke FAILED`, or of the execution as a whole `FAILED`. */
function ofPipeline({ pipeline, stage, action, state }: ServiceEvent['detail']): string | undefined {
  if (pipeline === undefined) return undefined;
  return [stage, action, state].filter((part) => part !== undefined).join(' ');
}

function alarmed({ alarmName, state }: ServiceEvent['detail']): string {
  return alarmName === undefined ? '' : `${alarmName} is ${(state as { readonly value: string }).value}`;
}
