import { safe } from '../../report/text.ts';
import type { FoundAlarm, FoundPipeline, FoundService } from './found.ts';

/** Conditions for what was found, each alarm by a trigger of its own. */
export function triggersText({ alarms }: FoundService, pipeline: FoundPipeline | null): readonly string[] {
  return [
    '# Conditions on which you act without discussion, each with its time budget.',
    'triggers:',
    ...trigger('smoke-red', 'probe', 'smoke failed 3 times running', '5m'),
    ...trigger('deployment-failed', 'deployment-event', 'deployment failed', '10m'),
    ...(pipeline
      ? trigger('stage-red', 'pipeline-event', `stage ${pipeline.nextStage ?? pipeline.stage} failed`, '10m')
      : []),
    ...named(alarms).flatMap(([name, alarm]) =>
      trigger(name, 'alarm', JSON.stringify(alarm.name), '10m', alarm.state),
    ),
    ...(alarms.length === 0
      ? ['  # No alarm of CloudWatch looks at the service or its target group; see recommendedAlarms below.']
      : []),
    '',
    'detectWithin: 10m',
    '',
  ];
}

function trigger(
  name: string,
  observedBy: string,
  condition: string,
  budget: string,
  state?: string,
): readonly string[] {
  return [
    `  - name: ${name}${state === undefined || state === 'OK' ? '' : ` # was ${safe(state)}: it must be OK, or every drill is refused`}`,
    `    observedBy: ${observedBy}`,
    `    condition: ${condition}`,
    '    action: roll-back',
    `    budget: ${budget}`,
  ];
}

/** A plan has at most twenty triggers. */
export const MOST_ALARMS = 10;

/** Triggers have names of their own: short, without spaces, each once. */
function named(alarms: readonly FoundAlarm[]): readonly (readonly [name: string, alarm: FoundAlarm])[] {
  const taken = new Map<string, number>();
  return alarms.slice(0, MOST_ALARMS).map((alarm) => {
    const name =
      alarm.name
        .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
        .replace(/^[^A-Za-z0-9]+/, '')
        .slice(0, 50) || 'alarm';
    const before = taken.get(name) ?? 0;
    taken.set(name, before + 1);
    return [before === 0 ? `alarm-${name}` : `alarm-${name}-${before + 1}`, alarm];
  });
}
