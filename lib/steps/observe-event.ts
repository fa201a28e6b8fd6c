import * as v from 'valibot';
import { iso } from '../drill/clock.ts';
import type { Alarm } from '../drill/guardrails/surroundings.ts';
import { namesAction } from '../drill/plan/pipeline-failure.ts';
import type { Phase } from '../drill/states.ts';
import type { Drill } from '../ports/drills.ts';
import type { Ports } from '../ports/ports.ts';
import type { TargetFor } from '../ports/target.ts';
import { countDeployment, countStage } from './count-deployment.ts';
import { alarmsOfTriggers, reportAlarms } from './report-alarms.ts';
import { reportTarget } from './report-target.ts';
import { targetContext } from './target-context.ts';

type EventPorts = Pick<Ports, 'journal' | 'locks' | 'statistics' | 'waits'> & {
  readonly target: TargetFor<'observe'>;
};

function maybe<Schema extends v.GenericSchema>(schema: Schema) {
  return v.fallback(v.optional(schema), undefined);
}

const Common = { resources: v.array(v.string()) };

const AlarmEvent = v.object({
  'detail-type': v.literal('CloudWatch Alarm State Change'),
  ...Common,
  detail: v.object({
    alarmName: v.string(),
    state: v.object({
      value: v.picklist(['OK', 'ALARM', 'INSUFFICIENT_DATA']),
      reason: v.optional(v.string(), ''),
      timestamp: v.pipe(
        v.string(),
        v.check((text) => Number.isFinite(Date.parse(text)), 'must be a time'),
      ),
    }),
  }),
});
const TaskEvent = v.object({
  'detail-type': v.literal('ECS Task State Change'),
  ...Common,
  detail: v.object({ clusterArn: v.string(), group: v.string() }),
});
const DeploymentEvent = v.object({
  'detail-type': v.literal('ECS Deployment State Change'),
  ...Common,
  /** Only counting asks for it: the target itself is read for what a drill must know. */
  detail: maybe(
    v.object({
      eventName: v.string(),
      deploymentId: v.string(),
      updatedAt: v.pipe(v.string(), v.isoTimestamp()),
      reason: v.optional(v.string(), ''),
    }),
  ),
});

/** Doubled, late or out of order: it names the pipeline, and the pipeline tells the rest. */
const PipelineEvent = v.object({
  'detail-type': v.picklist([
    'CodePipeline Pipeline Execution State Change',
    'CodePipeline Stage Execution State Change',
    'CodePipeline Action Execution State Change',
  ]),
  ...Common,
  detail: v.object({
    pipeline: v.string(),
    /** Only counting asks for these; what is not as expected is not there. */
    'execution-id': maybe(v.string()),
    stage: maybe(v.string()),
    state: maybe(v.string()),
    'start-time': maybe(v.pipe(v.string(), v.isoTimestamp())),
    'execution-trigger': maybe(v.object({ 'trigger-type': v.string() })),
  }),
});

/** What EventBridge tells of a target, of its tasks, or of an alarm. https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref.html */
export const ObservedEvent = v.variant('detail-type', [
  AlarmEvent,
  TaskEvent,
  DeploymentEvent,
  PipelineEvent,
]);

type Observed = v.InferOutput<typeof ObservedEvent>;

export interface Observation {
  readonly observed: boolean;
  /** The drill that it is about, several joined by commas; `null` when it is about none. */
  readonly drillId: string | null;
}

/** Finds the drills that the event is about and reports what it means for them. */
export async function observeEvent(ports: EventPorts, event: Observed): Promise<Observation> {
  switch (event['detail-type']) {
    case 'CloudWatch Alarm State Change':
      return observeAlarm(ports, alarmOf(event.detail));
    case 'ECS Task State Change':
      return observeTarget(ports, resourceOfTask(event.detail), countsTasks);
    case 'ECS Deployment State Change':
      return observeDeployment(ports, resourceOf(event.resources[0] ?? ''), event.detail);
    case 'CodePipeline Stage Execution State Change':
      return observeStage(ports, event.detail);
    case 'CodePipeline Pipeline Execution State Change':
      return observeTarget(ports, `codepipeline:${event.detail.pipeline}`, isObserved);
    case 'CodePipeline Action Execution State Change':
      return observeTarget(ports, `codepipeline:${event.detail.pipeline}`, looksAtActions);
    default:
      return event satisfies never;
  }
}

const OBSERVED: ReadonlySet<Phase> = new Set(['awaiting-trigger', 'deciding', 'restoring', 'stabilising']);
const BEFORE_THE_ROLLBACK: ReadonlySet<Phase> = new Set(['awaiting-trigger', 'deciding']);

/** First for a drill that waits for it; then it may count as one of production. */
async function observeDeployment(
  ports: EventPorts,
  resource: string,
  detail: v.InferOutput<typeof DeploymentEvent>['detail'],
): Promise<Observation> {
  const observed = await observeTarget(ports, resource, isObserved);
  if (detail) {
    const { eventName: name, updatedAt: at, ...told } = detail;
    await countDeployment(ports, resource, { ...told, name, at });
  }
  return observed;
}

/** The same for a stage of a pipeline. */
async function observeStage(
  ports: EventPorts,
  detail: v.InferOutput<typeof PipelineEvent>['detail'],
): Promise<Observation> {
  const { pipeline, stage, state, 'execution-id': executionId, 'start-time': at } = detail;
  const observed = await observeTarget(ports, `codepipeline:${pipeline}`, isObserved);
  if (stage !== undefined && state !== undefined && executionId !== undefined && at !== undefined) {
    const trigger = detail['execution-trigger']?.['trigger-type'] ?? '';
    await countStage(ports, { pipeline, stage, state, executionId, trigger, at });
  }
  return observed;
}

/** An event of the target only wakes: the target itself is read for the truth and its own milliseconds. */
async function observeTarget(
  ports: EventPorts,
  resource: string,
  concerns: (drill: Drill) => boolean,
): Promise<Observation> {
  const drillId = await ports.locks.holder(resource);
  if (!drillId) return { observed: false, drillId: null };
  const drill = await ports.journal.read(drillId);
  if (!concerns(drill)) return { observed: false, drillId };
  const state = await ports.target(drill.plan).observe(targetContext(drill));
  const observed = await reportTarget(ports, drill, state).then(() => true, unlessTakenOver);
  return { observed, drillId };
}

function isObserved({ phase }: Drill): boolean {
  return OBSERVED.has(phase);
}

/** Tasks stop for many reasons; only a plan that counts those that failed wants to hear of each. */
function countsTasks({ phase, plan }: Drill): boolean {
  return (
    BEFORE_THE_ROLLBACK.has(phase) && plan.triggers.some(({ condition }) => condition.kind === 'tasks-failed')
  );
}

/** Several events tell of one red stage: whoever reads the target without need keeps those waiting that must. */
function looksAtActions({ phase, plan }: Drill): boolean {
  return BEFORE_THE_ROLLBACK.has(phase) && plan.triggers.some(namesAction);
}

/** The event of an alarm carries CloudWatch's own time of the change: nothing needs to be read. */
async function observeAlarm({ journal, waits }: EventPorts, alarm: Alarm): Promise<Observation> {
  const drills = await Promise.all((await journal.openDrills()).map((drillId) => journal.read(drillId)));
  const concerned = drills.filter(({ plan }) => alarmsOfTriggers(plan).includes(alarm.name));
  for (const drill of concerned) await reportAlarms({ journal, waits }, drill, [alarm], 'event');
  const drillId = concerned.map(({ opened }) => opened.drillId).join(',') || null;
  return { observed: concerned.length > 0, drillId };
}

function alarmOf({ alarmName: name, state }: v.InferOutput<typeof AlarmEvent>['detail']): Alarm {
  return { name, state: state.value, since: iso(Date.parse(state.timestamp)), reason: state.reason };
}

/** Whoever has taken the drill over reads the target for itself. */
function unlessTakenOver(error: Error): false {
  if (error.name !== 'FenceRaised') throw error;
  return false;
}

/** `arn:aws:ecs:REGION:ACCOUNT:service/CLUSTER/SERVICE` → `ecs:CLUSTER/SERVICE`. */
function resourceOf(serviceArn: string): string {
  const [, cluster, service] = (serviceArn.split(':')[5] ?? '').split('/');
  return `ecs:${cluster}/${service}`;
}

/** The cluster's ARN ends with its name; the group of a service's task is `service:SERVICE`. */
function resourceOfTask({ clusterArn, group }: { clusterArn: string; group: string }): string {
  return `ecs:${clusterArn.split('/').at(-1)}/${group.replace(/^service:/, '')}`;
}
