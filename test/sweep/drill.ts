import { PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import {
  DescribeExecutionCommand,
  StopExecutionCommand,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import { CreateDocumentCommand } from '@aws-sdk/client-ssm';
import { cloudWatch, ecs as ecsClient, scheduler, sfn, ssm } from '../../lib/adapters/aws/clients.ts';
import { startDrill } from '../../lib/adapters/aws/executions.ts';
import { deployResources } from '../../lib/cli/deployment.ts';
import { ARNS } from '../../lib/cli/settings.ts';
import type { Emit, ServiceEvent } from '../../sandbox/aws/events.ts';
import type { Accident, Call, FunctionFault } from './accidents.ts';
import type { Handlers, Invocation } from './aws/functions.ts';
import { TARGET_GROUP } from './aws/shop.ts';
import { ALARM, CALENDAR } from './plan.ts';
import type { Network } from './process/network.ts';
import type { Time } from './process/time.ts';
import { type Effect, NEVER, trafficIn } from './traffic.ts';
import { openWorld, type World } from './world.ts';

/** A drill to be swept: how the service is, which release is deployed, and what goes wrong anyway. */
export interface Scenario {
  readonly name: string;
  readonly plan: 'swept' | 'asking';
  readonly knownBad: 'bad' | 'crashes';
  readonly accidents: readonly Accident[];
  /** The circuit breaker of the service rolls back. */
  readonly breaker: boolean;
}

/** What is left when everything has come to rest. */
export interface Aftermath {
  readonly ending: string;
  readonly rest: 'quiet' | 'limit';
  readonly calls: readonly Call[];
  readonly effects: readonly Effect[];
  readonly invocations: readonly string[];
  readonly events: readonly string[];
  /** States with the seconds after the start at which they were first entered. */
  readonly entered: ReadonlyMap<string, number>;
  readonly hits: number;
  readonly items: ReturnType<World['dynamo']['items']>;
  readonly archive: ReadonlyMap<string, string>;
  readonly pages: ReturnType<World['pages']>;
  readonly schedules: readonly string[];
  /** Releases that users get at the end. */
  readonly serving: readonly string[];
  /** The task definition to which the service steers at the end. */
  readonly steersTo: string;
  readonly healthy: string;
  readonly tookMs: number;
}

export const DRILL_ID = 'drill-1';
const START_MS = Date.parse('2026-11-03T10:00:00.000Z');
/** By then everything has come to rest, or never will. */
const REST_WITHIN_MS = 12 * 3_600_000;
const SETTLES_IN_MS = 30_000;

/** Works in one process for one drill after the other. */
export interface Machinery {
  readonly time: Time;
  readonly chance: { reset(): void };
  readonly files: { reset(): void };
  readonly handlers: Handlers;
  /** Puts a network in place. */
  use(network: Network): void;
}

/** One drill in an account of its own, with its accidents, until nothing more happens. */
export async function drill(
  machinery: Machinery,
  scenario: Scenario,
  accidents: readonly Accident[],
): Promise<Aftermath> {
  const { time, chance, files, handlers } = machinery;
  const all = [...scenario.accidents, ...accidents];
  time.reset(START_MS);
  chance.reset();
  files.reset();
  const entered = new Map<string, number>();
  const invocations: string[] = [];
  const events: string[] = [];
  let phase = 'LoadPlan';
  let hits = 0;
  const world = openWorld({
    handlers,
    entered(invocation) {
      invocations.push(`${invocation.name}#${invocation.nth}`);
      if (!OUTSIDE.has(invocation.name) || invocation.name === 'Watchdog') {
        phase = invocation.name;
        if (!entered.has(phase)) begin(phase);
      }
      const fault = functionFault(all, invocation);
      if (fault) hits += 1;
      return fault;
    },
    through: (emit) =>
      eventsThrough(emit, all, events, () => {
        hits += 1;
      }),
  });
  const begin = (name: string): void => {
    entered.set(name, (time.now() - START_MS) / 1_000);
    for (const accident of all)
      if (accident.kind === 'stopped' && accident.phase === name)
        void stopAfter(accident.afterMs).then(() => {
          hits += 1;
        });
  };
  const traffic = trafficIn(world, all, {
    get name() {
      return phase;
    },
    since(name) {
      const seconds = entered.get(name);
      return seconds === undefined ? undefined : START_MS + 1_000 * seconds;
    },
  });
  machinery.use(traffic.network);
  time.alive = () => true;

  const healthy = await deploy(scenario, all);
  events.length = 0;
  traffic.forget();
  const executionArn = await startDrill(sfn(), ARNS.drillMachine, DRILL_ID, {
    plan: scenario.plan,
    knownBad: scenario.knownBad,
    startedBy: 'ana',
  });
  const rest = await time.untilQuiet(REST_WITHIN_MS);
  const { status = '' } = await sfn().send(new DescribeExecutionCommand({ executionArn }));
  const { Schedules = [] } = await scheduler().send(new ListSchedulesCommand());
  const service = await describe();
  const tookMs = time.now() - START_MS;
  await world.close();
  machinery.use(() => NEVER);
  return {
    ending: status,
    rest,
    calls: traffic.calls,
    effects: traffic.effects,
    invocations,
    events: events.filter((name) => world.delivered.has(name.split(':')[0] ?? '')),
    entered,
    hits: hits + traffic.hits(),
    items: world.dynamo.items(),
    archive: world.objects,
    pages: world.pages(),
    schedules: Schedules.map(({ Name = '' }) => Name),
    serving: world.shop.serving(),
    steersTo: service?.taskDefinition ?? '',
    healthy,
    tookMs,
  };
}

/** Functions that stand beside the drill's own states. */
const OUTSIDE = new Set(['Witness', 'ObserveEvent', 'Watchdog']);

function functionFault(accidents: readonly Accident[], { name, nth }: Invocation): FunctionFault | undefined {
  for (const accident of accidents)
    if (
      accident.kind === 'function' &&
      accident.name === name &&
      (accident.nth === 'every' || accident.nth === nth)
    )
      return accident.fault;
  return undefined;
}

async function stopAfter(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  const executionArn = `${ARNS.drillMachine.replace(':stateMachine:', ':execution:')}:${DRILL_ID}`;
  await sfn().send(new StopExecutionCommand({ executionArn, error: 'Stopped', cause: 'by a person' }));
}

const LATE_EVENT_MS = 120_000;
const OUT_OF_ORDER_MS = 3_000;

function eventsThrough(emit: Emit, accidents: readonly Accident[], events: string[], hit: () => void): Emit {
  const counts = new Map<string, number>();
  return (event) => {
    const name = nameOf(event);
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    events.push(`${name}#${nth}`);
    const accident = accidents.find((one) => one.kind === 'event' && one.name === name && one.nth === nth);
    if (accident?.kind !== 'event') return emit(event);
    hit();
    const later = (ms: number): void => void setTimeout(() => emit(event), ms);
    const { fault } = accident;
    switch (fault) {
      case 'lost':
        return;
      case 'doubled':
        emit(event);
        return later(OUT_OF_ORDER_MS);
      case 'late':
        return later(LATE_EVENT_MS);
      case 'out-of-order':
        return later(OUT_OF_ORDER_MS);
      default:
        return fault satisfies never;
    }
  };
}

function nameOf({ detailType, detail }: ServiceEvent): string {
  const what = detail.eventName ?? detail.lastStatus ?? detail.status ?? '';
  const machine =
    typeof detail.stateMachineArn === 'string' ? ` of ${detail.stateMachineArn.split(':').at(-1)}` : '';
  return `${detailType}: ${what}${machine}`;
}

/** What a team would have deployed long ago: the product, and its service. Resolves with the healthy task definition. */
async function deploy({ breaker }: Scenario, accidents: readonly Accident[]): Promise<string> {
  await deployResources();
  const timedOut = accidents.find((accident) => accident.kind === 'timed-out');
  if (timedOut) await limitTo(timedOut.afterSeconds);
  await surroundings();
  const ecs = ecsClient();
  await ecs.send(new CreateClusterCommand({ clusterName: 'demo' }));
  const container = {
    name: 'shop',
    image: '000000000000.dkr.ecr.us-east-1.amazonaws.com/shop:healthy',
    portMappings: [{ containerPort: 80 }],
  };
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({ family: 'shop', containerDefinitions: [container] }),
  );
  await ecs.send(
    new CreateServiceCommand({
      cluster: 'demo',
      serviceName: 'shop',
      taskDefinition: taskDefinition?.taskDefinitionArn,
      desiredCount: 2,
      loadBalancers: [{ targetGroupArn: TARGET_GROUP, containerName: 'shop', containerPort: 80 }],
      deploymentConfiguration: {
        maximumPercent: 200,
        minimumHealthyPercent: 100,
        deploymentCircuitBreaker: { enable: breaker, rollback: breaker },
      },
    }),
  );
  await new Promise((resolve) => setTimeout(resolve, SETTLES_IN_MS));
  return taskDefinition?.taskDefinitionArn ?? '';
}

/** What the plan's guardrails look at. */
async function surroundings(): Promise<void> {
  const Content =
    'BEGIN:VCALENDAR\r\nPRODID:-//AWS//Change Calendar 1.0//EN\r\nVERSION:2.0\r\nX-CALENDAR-TYPE:DEFAULT_OPEN\r\nEND:VCALENDAR\r\n';
  await ssm().send(
    new CreateDocumentCommand({
      Name: CALENDAR,
      Content,
      DocumentType: 'ChangeCalendar',
      DocumentFormat: 'TEXT',
    }),
  );
  await cloudWatch().send(
    new PutMetricAlarmCommand({
      AlarmName: ALARM,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      MetricName: 'Errors',
      Namespace: 'Shop',
      Period: 60,
      Statistic: 'Sum',
      Threshold: 1,
    }),
  );
  await cloudWatch().send(
    new SetAlarmStateCommand({ AlarmName: ALARM, StateValue: 'OK', StateReason: 'all is well' }),
  );
}

async function limitTo(seconds: number): Promise<void> {
  const { stateMachineArn } = { stateMachineArn: ARNS.drillMachine };
  const { DescribeStateMachineCommand } = await import('@aws-sdk/client-sfn');
  const { definition = '' } = await sfn().send(new DescribeStateMachineCommand({ stateMachineArn }));
  const limited = JSON.stringify({ ...JSON.parse(definition), TimeoutSeconds: seconds });
  await sfn().send(new UpdateStateMachineCommand({ stateMachineArn, definition: limited }));
}

async function describe() {
  const request = new DescribeServicesCommand({ cluster: 'demo', services: ['shop'] });
  return (await ecsClient().send(request)).services?.[0];
}
