import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AwsEvent, Deliver, Emit } from '../../sandbox/aws/events.ts';
import type { Endpoint } from '../../sandbox/aws/protocol.ts';
import type { Datum } from '../../sandbox/cloudwatch/metrics.ts';
import { startCloudWatch } from '../../sandbox/cloudwatch/service.ts';
import { startEcr } from '../../sandbox/ecr/service.ts';
import { startEcs } from '../../sandbox/ecs/service.ts';
import { startEventBridge } from '../../sandbox/eventbridge/service.ts';
import { startScheduler } from '../../sandbox/scheduler/service.ts';
import { startSns } from '../../sandbox/sns/service.ts';
import { startSsm } from '../../sandbox/ssm/service.ts';
import { startStepFunctions } from '../../sandbox/stepfunctions/service.ts';
import { stsEndpoint } from '../../sandbox/sts/service.ts';
import type { FunctionFault } from './accidents.ts';
import { type MemoryDynamoDb, memoryDynamoDb } from './aws/dynamodb.ts';
import {
  type Handlers,
  type Invocation,
  type SimulatedFunctions,
  simulatedFunctions,
} from './aws/functions.ts';
import { type SimulatedPipeline, simulatedPipeline } from './aws/pipeline.ts';
import { memoryS3 } from './aws/s3.ts';
import { FAILED_ORDERS, type SimulatedShop, simulatedShop } from './aws/shop.ts';
import { nameOf } from './events.ts';
import { MEMORY } from './process/files.ts';

/** An AWS account in memory, in the process's own time: the sandbox's services, and what stands behind them. */
export interface World {
  readonly endpoints: Readonly<Record<string, Endpoint>>;
  readonly shop: SimulatedShop;
  readonly pipeline: SimulatedPipeline;
  readonly dynamo: MemoryDynamoDb;
  readonly objects: ReadonlyMap<string, string>;
  readonly functions: SimulatedFunctions;
  /** What ECS and CodePipeline did, with the time. */
  readonly truth: readonly {
    readonly at: number;
    readonly event: string;
    readonly facts: Readonly<Record<string, unknown>>;
  }[];
  /** Names of the events that reached a function. */
  readonly delivered: ReadonlySet<string>;
  /** Messages that were published to a topic. */
  pages(): readonly { readonly subject: string; readonly message: string }[];
  close(): Promise<void>;
}

/** Long enough for a trigger to fire while the known-bad deployment is still under way. */
const STEADY_AFTER_MS = 3_500;
/** So short that an alarm fires some seconds after the deployment is through. */
const MINUTE_MS = 8_000;

export interface WorldOptions {
  readonly handlers: Handlers;
  readonly entered: (invocation: Invocation) => FunctionFault | undefined;
  readonly invokes: (functionName: string) => boolean;
  /** What becomes of an event on its way to the bus. */
  readonly through: (emit: Emit) => Emit;
}

export function openWorld({ handlers, entered, invokes, through }: WorldOptions): World {
  const at = (name: string): string => join(MEMORY, name);
  const truth: World['truth'][number][] = [];
  const tell = (event: string, facts = {}): void => void truth.push({ at: Date.now(), event, facts });
  const shop = simulatedShop(() => cloudWatch.record([failedOrder()]));
  const dynamo = memoryDynamoDb();
  const s3 = memoryS3();
  const functions = simulatedFunctions({ handlers, entered });
  const delivered = new Set<string>();
  const deliver: Deliver = (targetArn, payload) => {
    const { 'detail-type': detailType, detail } = payload as Partial<AwsEvent>;
    if (detailType !== undefined && detail) delivered.add(nameOf({ detailType, detail }));
    return invokes(targetArn.split(':').at(-1) ?? '')
      ? functions.deliver(targetArn, payload)
      : Promise.resolve();
  };
  const events = startEventBridge({ deliver, truth: tell });
  const emit = through(events.emit);
  const scheduler = startScheduler({ directory: at('scheduler'), deliver });
  const sns = startSns({ directory: at('sns'), outboxFile: at('outbox.jsonl'), deliver });
  const stepFunctions = startStepFunctions({
    directory: at('stepfunctions'),
    invokeFunction: functions.invoke,
    emit,
  });
  const ecs = startEcs({
    directory: at('ecs'),
    images: shop.images,
    tasks: shop.tasks,
    loadBalancers: shop.loadBalancers,
    emit,
    truth: tell,
    pace: { steadyStateMs: STEADY_AFTER_MS },
  });
  const cloudWatch = startCloudWatch({ directory: at('cloudwatch'), emit, minuteMs: MINUTE_MS });
  const pipeline = simulatedPipeline({
    directory: at('codepipeline'),
    ecs: ecs.endpoint,
    answer: () => shop.answer('/'),
    emit(event) {
      if (event.detail.state === 'STARTED' && event.detail.stage === undefined)
        tell('execution', { id: event.detail['execution-id'] });
      emit(event);
    },
  });
  scheduler.start();
  return {
    endpoints: {
      dynamodb: dynamo.endpoint,
      s3: s3.endpoint,
      lambda: functions.endpoint,
      events: events.endpoint,
      scheduler: scheduler.endpoint,
      sns: sns.endpoint,
      states: stepFunctions.endpoint,
      ecs: ecs.endpoint,
      codepipeline: pipeline.endpoint,
      ecr: startEcr({ repositories: shop.repositories }).endpoint,
      monitoring: cloudWatch.endpoint,
      ssm: startSsm({ directory: at('ssm') }).endpoint,
      sts: stsEndpoint(),
    },
    shop,
    pipeline,
    dynamo,
    objects: s3.objects,
    functions,
    delivered,
    truth,
    pages: () => published(at('sns/published.jsonl')),
    async close() {
      functions.killAll();
      pipeline.close();
      cloudWatch.close();
      void stepFunctions.close();
      void events.close();
    },
  };
}

function failedOrder(): Datum {
  return { namespace: 'Shop', name: FAILED_ORDERS, dimensions: {}, atMs: Date.now(), values: [1] };
}

function published(file: string): readonly { subject: string; message: string }[] {
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}
