import { join } from 'node:path';
import { startGateway } from './aws/gateway.ts';
import type { Endpoint } from './aws/protocol.ts';
import type { EcsPace } from './ecs/pace.ts';
import { type Faults, faultInjection } from './faults/injection.ts';
import type { Fault } from './faults.ts';
import { type Hear, heardBy } from './hearing.ts';
import { startHttpApi } from './httpapi/service.ts';
import type { FunctionConfiguration } from './lambda/service.ts';
import { type Places, rememberPlaces, usualPlaces } from './places.ts';
import type { Postgres } from './postgres/start.ts';
import { processRunner } from './processes/runner.ts';
import { startServices } from './services.ts';
import { startBackend } from './shop/backend.ts';
import { shopFunctions } from './shop/functions.ts';
import { SHOP_LOAD_BALANCER, SHOP_TARGET_GROUP } from './shop/infrastructure.ts';
import { shopPipelineFunctions } from './shop/pipeline-functions.ts';
import { environmentFor } from './stores.ts';
import { startLoad } from './traffic/load.ts';
import type { Shoppers } from './traffic/shoppers.ts';
import { startTraffic } from './traffic/start.ts';
import { truthAt } from './truth.ts';

export interface SandboxOptions {
  /** Where everything that survives is kept. */
  readonly directory: string;
  /** Lambda functions, given the environment that points their AWS clients here. */
  readonly functions: (environment: Readonly<Record<string, string>>) => readonly FunctionConfiguration[];
  /** Which of them answers its HTTP API. Without one, every call of that ends with 500, as on AWS. */
  readonly apiFunction?: string;
  /** What goes wrong in it. */
  readonly faults?: readonly Fault[];
  /** How quick its ECS is. */
  readonly pace?: Partial<EcsPace>;
  /** How long a minute of its CloudWatch alarms lasts, for real. */
  readonly minuteMs?: number;
  /** Requests a second of users who are there anyway; 0, the default, for none. */
  readonly shoppersPerSecond?: number;
  /** Hears of every call that a client makes. */
  readonly hear?: Hear;
}

export interface Sandbox {
  /** What any AWS client needs in its environment to talk to the sandbox. */
  readonly environment: Readonly<Record<string, string>>;
  /** The shop as its users see it. */
  readonly edgeUrl: string;
  /** The HTTP API, for requests that are signed for `execute-api`. */
  readonly apiUrl: string;
  /** What plans for the shop refer to: where it and its databases are. */
  readonly planVariables: Readonly<Record<string, string>>;
  /** The shop's own, for who would go wrong with it or look into it. */
  readonly database: Omit<Postgres, 'close'>;
  readonly truthFile: string;
  /** The e-mails that topics sent: one JSON line each, `{at, to, subject, message, topicArn}`. */
  readonly outboxFile: string;
  /** What goes wrong with calls from now on. What services deliver to each other arrives all the same. */
  readonly faults: Faults;
  /** Starts again the tasks that an earlier sandbox of this directory had. */
  resumeTasks(): void;
  /**
   * Goes on with the schedules and executions that it left, and lets the shoppers in. Call it once rules and functions are
   * there and the tasks serve.
   */
  resume(): void;
  close(): Promise<void>;
}

/** A small AWS on loopback, with real processes behind its ECS. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { directory, functions, faults = [], pace = {}, hear = () => {} } = options;
  const { apiFunction = '', minuteMs = 60_000, shoppersPerSecond: perSecond = 0 } = options;
  const at = (name: string): string => join(directory, name);
  const truthFile = at('truth.jsonl');
  const outboxFile = at('outbox.jsonl');
  const truth = truthAt(truthFile);
  const places = usualPlaces(at('places.json'));
  const backend = await startBackend({
    directory,
    truth,
    ports: places.databasePorts,
    faults,
    environment: () => environment,
  });
  const injection = faultInjection();
  const endpoints: Record<string, Endpoint> = {};
  const gateway = await startGateway(endpoints, places.gatewayPort).catch(() => startGateway(endpoints));
  const environment = environmentFor(gateway.url);
  const shopSettings = backend.settings(gateway.url);

  const ignoresPurges = faults.some(({ edgeIgnoresPurges }) => edgeIgnoresPurges);
  const traffic = await startTrafficAt(places, truthFile, ignoresPurges);
  rememberPlaces(at('places.json'), gateway.url, traffic.edgeUrl, backend.postgres.ports);
  const tasks = processRunner({ logDirectory: at('logs/tasks') });
  const services = await startServices({
    directory,
    outboxFile,
    functions: [
      ...functions(environment),
      ...shopFunctions(shopSettings),
      ...shopPipelineFunctions(environment, traffic.edgeUrl),
    ],
    faults,
    pace,
    minuteMs,
    tasks,
    shopSettings,
    loadBalancers: traffic.loadBalancers,
    edge: { url: traffic.edgeUrl, originUrl: traffic.loadBalancerUrl, purge: traffic.purge },
    truth,
  });
  const { invokeFunction } = services;
  const httpApi = await startHttpApi({ functionName: apiFunction, invokeFunction });
  traffic.onMeasured(services.record);
  Object.assign(endpoints, heardBy(hear, injection.before(services.endpoints)));

  let shoppers: Shoppers | undefined;

  return {
    environment,
    edgeUrl: traffic.edgeUrl,
    apiUrl: httpApi.url,
    planVariables: {
      SHOP_URL: traffic.edgeUrl,
      SHOP_PRIMARY_PORT: String(backend.postgres.ports.primary),
      SHOP_STANDBY_PORT: String(backend.postgres.ports.standby),
      SHOP_REPLICA_PORT: String(backend.postgres.ports.replica),
    },
    database: backend.postgres,
    truthFile,
    outboxFile,
    faults: injection.faults,
    resumeTasks: services.resumeTasks,
    resume() {
      services.resume();
      if (perSecond > 0) shoppers ??= startLoad({ edgeUrl: traffic.edgeUrl, environment, perSecond });
    },
    async close() {
      await shoppers?.stop();
      injection.close();
      await httpApi.close();
      await services.end();
      await Promise.all([tasks.close(), traffic.close(), gateway.close(), services.closeStores()]);
      await backend.close();
    },
  };
}

/** The shop keeps its address over restarts, unless somebody else has taken the port. */
function startTrafficAt({ edgePort }: Places, truthFile: string, ignoresPurges: boolean) {
  const options = {
    truthFile,
    ignoresPurges,
    loadBalancerArn: SHOP_LOAD_BALANCER,
    targetGroupArn: SHOP_TARGET_GROUP,
  };
  return startTraffic({ ...options, edgePort }).catch(() => startTraffic(options));
}
