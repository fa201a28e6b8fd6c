import { join } from 'node:path';
import type { Emit } from './aws/events.ts';
import { startGateway } from './aws/gateway.ts';
import type { Endpoint } from './aws/protocol.ts';
import { startCloudWatch } from './cloudwatch/service.ts';
import { deliverTo } from './delivery.ts';
import { startDynamoDb } from './dynamodb/service.ts';
import { startEcr } from './ecr/service.ts';
import type { EcsPace } from './ecs/pace.ts';
import { startEcs } from './ecs/service.ts';
import { startEventBridge } from './eventbridge/service.ts';
import { type Faults, faultInjection } from './faults/injection.ts';
import type { Fault } from './faults.ts';
import { type Hear, heardBy } from './hearing.ts';
import { type FunctionConfiguration, startLambda } from './lambda/service.ts';
import { type Places, rememberPlaces, usualPlaces } from './places.ts';
import { processRunner } from './processes/runner.ts';
import { startS3 } from './s3/service.ts';
import { startScheduler } from './scheduler/service.ts';
import { shopImages } from './shop/images.ts';
import { SHOP_TARGET_GROUP } from './shop/infrastructure.ts';
import { startSns } from './sns/service.ts';
import { startSsm } from './ssm/service.ts';
import { startStepFunctions } from './stepfunctions/service.ts';
import { environmentFor } from './stores.ts';
import { stsEndpoint } from './sts/service.ts';
import { startTraffic } from './traffic/start.ts';
import { truthAt } from './truth.ts';

export interface SandboxOptions {
  /** Where everything that survives is kept. */
  readonly directory: string;
  /** Lambda functions, given the environment that points their AWS clients here. */
  readonly functions: (environment: Readonly<Record<string, string>>) => readonly FunctionConfiguration[];
  /** What goes wrong in it. */
  readonly faults?: readonly Fault[];
  /** How quick its ECS is. */
  readonly pace?: Partial<EcsPace>;
  /** Hears of every call that a client makes. */
  readonly hear?: Hear;
}

export interface Sandbox {
  /** What any AWS client needs in its environment to talk to the sandbox. */
  readonly environment: Readonly<Record<string, string>>;
  /** The shop as its users see it. */
  readonly edgeUrl: string;
  readonly truthFile: string;
  /** The e-mails that topics sent: one JSON line each, `{at, to, subject, message, topicArn}`. */
  readonly outboxFile: string;
  /** What goes wrong with calls from now on. What services deliver to each other arrives all the same. */
  readonly faults: Faults;
  /** Starts again the tasks that an earlier sandbox of this directory had. */
  resumeTasks(): void;
  /** Goes on with the schedules and executions that it left. Call it once rules and functions are there and the tasks serve. */
  resume(): void;
  close(): Promise<void>;
}

/** A small AWS on loopback, with real processes behind its ECS. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { directory, functions, faults = [], pace = {}, hear = () => {} } = options;
  const at = (name: string): string => join(directory, name);
  const truthFile = at('truth.jsonl');
  const outboxFile = at('outbox.jsonl');
  const truth = truthAt(truthFile);
  const places = usualPlaces(at('places.json'));
  const injection = faultInjection();
  const endpoints: Record<string, Endpoint> = {};
  const gateway = await startGateway(endpoints, places.gatewayPort).catch(() => startGateway(endpoints));
  const environment = environmentFor(gateway.url);

  const traffic = await startTrafficAt(places, truthFile);
  rememberPlaces(at('places.json'), gateway.url, traffic.edgeUrl);
  const tasks = processRunner({ logDirectory: at('logs/tasks') });
  const dynamo = await startDynamoDb({ directory: at('dynamodb') });
  const s3 = startS3({ directory: at('s3') });
  const lambda = startLambda({ functions: functions(environment), logDirectory: at('logs/functions') });
  const deliver = deliverTo({
    invokeFunction: lambda.invoke,
    startExecution: (stateMachineArn, input) => void stepFunctions.startExecution(stateMachineArn, input),
  });
  const events = startEventBridge({ deliver, truth });
  const emit = faults.reduce<Emit>((inner, fault) => fault.events?.(inner) ?? inner, events.emit);
  const scheduler = startScheduler({ directory: at('scheduler'), deliver });
  const sns = startSns({ directory: at('sns'), outboxFile, deliver, truth });
  const stepFunctions = startStepFunctions({
    directory: at('stepfunctions'),
    invokeFunction: lambda.invoke,
    emit,
  });
  const images = shopImages();
  const ecs = startEcs({
    directory: at('ecs'),
    images,
    tasks,
    loadBalancers: traffic.loadBalancers,
    emit,
    truth,
    pace,
  });
  const services = {
    dynamodb: dynamo.endpoint,
    s3: s3.endpoint,
    lambda: lambda.endpoint,
    events: events.endpoint,
    ecr: startEcr({ repositories: images }).endpoint,
    scheduler: scheduler.endpoint,
    sns: sns.endpoint,
    monitoring: startCloudWatch({ directory: at('cloudwatch'), emit }).endpoint,
    ssm: startSsm({ directory: at('ssm') }).endpoint,
    states: stepFunctions.endpoint,
    sts: stsEndpoint(),
    ecs: faults.reduce<Endpoint>((inner, fault) => fault.ecs?.(inner) ?? inner, ecs.endpoint),
  };
  Object.assign(endpoints, heardBy(hear, injection.before(services)));

  return {
    environment,
    edgeUrl: traffic.edgeUrl,
    truthFile,
    outboxFile,
    faults: injection.faults,
    resumeTasks: ecs.resume,
    resume() {
      scheduler.start();
      stepFunctions.recoverInterrupted();
    },
    async close() {
      injection.close();
      await Promise.all([scheduler.close(), stepFunctions.close(), events.close()]);
      await Promise.all([lambda.close(), ecs.close()]);
      await Promise.all([tasks.close(), traffic.close(), gateway.close(), dynamo.close(), s3.close()]);
    },
  };
}

/** The shop keeps its address over restarts, unless somebody else has taken the port. */
function startTrafficAt({ edgePort }: Places, truthFile: string) {
  const options = { truthFile, targetGroupArn: SHOP_TARGET_GROUP };
  return startTraffic({ ...options, edgePort }).catch(() => startTraffic(options));
}
