import { join } from 'node:path';
import type { Emit } from './aws/events.ts';
import type { InvokeFunction } from './aws/functions.ts';
import type { Endpoints } from './aws/gateway.ts';
import type { Endpoint } from './aws/protocol.ts';
import { type CloudFrontEdge, startCloudFront } from './cloudfront/service.ts';
import { type CloudWatch, startCloudWatch } from './cloudwatch/service.ts';
import { openJobs } from './codepipeline/jobs.ts';
import { actionProviders } from './codepipeline/providers/all.ts';
import { startCodePipeline } from './codepipeline/service.ts';
import { deliverTo } from './delivery.ts';
import { startDynamoDb } from './dynamodb/service.ts';
import { startEcr } from './ecr/service.ts';
import type { LoadBalancers, TaskRunner } from './ecs/data-plane.ts';
import type { EcsPace } from './ecs/pace.ts';
import { startEcs } from './ecs/service.ts';
import { startEventBridge } from './eventbridge/service.ts';
import type { Fault } from './faults.ts';
import { type FunctionConfiguration, startLambda } from './lambda/service.ts';
import { startS3 } from './s3/service.ts';
import { startScheduler } from './scheduler/service.ts';
import { startSecretsManager } from './secretsmanager/service.ts';
import { shopImages } from './shop/images.ts';
import { startSns } from './sns/service.ts';
import { startSqs } from './sqs/service.ts';
import { startSsm } from './ssm/service.ts';
import { startStepFunctions } from './stepfunctions/service.ts';
import { endedByUpdate, strayTask } from './stray-task.ts';
import { stsEndpoint } from './sts/service.ts';
import type { Truth } from './truth.ts';

export interface Services {
  /** By the names that clients sign with. */
  readonly endpoints: Endpoints;
  readonly invokeFunction: InvokeFunction;
  /** Takes what services measure of themselves. */
  readonly record: CloudWatch['record'];
  resumeTasks(): void;
  resume(): void;
  /** Ends what is under way; what is stored can still be reached. */
  end(): Promise<void>;
  closeStores(): Promise<void>;
}

interface ServicesOptions {
  readonly directory: string;
  readonly outboxFile: string;
  readonly functions: readonly FunctionConfiguration[];
  readonly faults: readonly Fault[];
  readonly pace: Partial<EcsPace>;
  readonly tasks: TaskRunner;
  /** The environment that every task of the shop gets. */
  readonly shopSettings: Readonly<Record<string, string>>;
  readonly loadBalancers: LoadBalancers;
  readonly edge: CloudFrontEdge;
  readonly truth: Truth;
  readonly minuteMs: number;
}

/** Every service, each with what it needs of the others. */
export async function startServices(options: ServicesOptions): Promise<Services> {
  const { directory, outboxFile, functions, faults, pace, tasks, loadBalancers, truth, minuteMs } = options;
  const at = (name: string): string => join(directory, name);
  const dynamo = await startDynamoDb({ directory: at('dynamodb') });
  const s3 = startS3({ directory: at('s3') });
  const lambda = startLambda({ functions, logDirectory: at('logs/functions') });
  const invokeFunction = lambda.invoke;
  const deliver = deliverTo({
    invokeFunction,
    startExecution: (stateMachineArn, input) => void stepFunctions.startExecution(stateMachineArn, input),
  });
  const events = startEventBridge({ deliver, truth });
  const emit = faults.reduce<Emit>((inner, fault) => fault.events?.(inner) ?? inner, events.emit);
  const scheduler = startScheduler({ directory: at('scheduler'), deliver });
  const sns = startSns({ directory: at('sns'), outboxFile, deliver, truth });
  const stepFunctions = startStepFunctions({ directory: at('stepfunctions'), invokeFunction, emit });
  const cloudWatch = startCloudWatch({ directory: at('cloudwatch'), emit, truth, minuteMs });
  const cloudFront = startCloudFront({ directory: at('cloudfront'), edge: options.edge });
  const sqs = startSqs({ directory: at('sqs'), record: cloudWatch.record, minuteMs });
  const images = shopImages(options.shopSettings);
  const secretsManager = startSecretsManager({ directory: at('secretsmanager') });
  const secrets = secretsManager.current;
  const stray = faults.some((fault) => fault.strayTask) ? strayTask({ tasks, loadBalancers }) : undefined;
  const { tasks: runner, loadBalancers: balancers } = stray ?? { tasks, loadBalancers };
  const ecs = startEcs({
    directory: at('ecs'),
    images,
    secrets,
    tasks: runner,
    loadBalancers: balancers,
    emit,
    truth,
    pace,
  });
  const updated = stray ? endedByUpdate(stray, ecs.endpoint) : ecs.endpoint;
  const ecsEndpoint = faults.reduce<Endpoint>((inner, fault) => fault.ecs?.(inner) ?? inner, updated);
  const ecr = startEcr({ repositories: images });
  const jobs = openJobs();
  const codePipeline = startCodePipeline({
    directory: at('codepipeline'),
    providers: actionProviders({
      endpoints: { ecr: ecr.endpoint, ecs: ecsEndpoint, s3: s3.endpoint },
      invokeFunction,
      jobs,
      truth,
    }),
    jobs,
    emit,
    truth,
  });

  return {
    endpoints: {
      dynamodb: dynamo.endpoint,
      s3: s3.endpoint,
      lambda: lambda.endpoint,
      events: events.endpoint,
      codepipeline: codePipeline.endpoint,
      ecr: ecr.endpoint,
      scheduler: scheduler.endpoint,
      secretsmanager: secretsManager.endpoint,
      sns: sns.endpoint,
      cloudfront: cloudFront.endpoint,
      monitoring: cloudWatch.endpoint,
      sqs: sqs.endpoint,
      ssm: startSsm({ directory: at('ssm') }).endpoint,
      states: stepFunctions.endpoint,
      sts: stsEndpoint(),
      ecs: ecsEndpoint,
    },
    invokeFunction,
    record: cloudWatch.record,
    resumeTasks: ecs.resume,
    resume() {
      scheduler.start();
      stepFunctions.recoverInterrupted();
      codePipeline.resume();
    },
    async end() {
      cloudWatch.close();
      cloudFront.close();
      codePipeline.close();
      await Promise.all([scheduler.close(), stepFunctions.close(), events.close()]);
      await Promise.all([lambda.close(), ecs.close()]);
    },
    async closeStores() {
      sqs.close();
      await Promise.all([dynamo.close(), s3.close()]);
    },
  };
}
