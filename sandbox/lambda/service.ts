import { dirname, join } from 'node:path';
import { arn } from '../aws/account.ts';
import type { InvokeFunction } from '../aws/functions.ts';
import { AwsError, type Endpoint } from '../aws/protocol.ts';
import { startBackground } from './background.ts';
import { functionLog } from './log.ts';
import { type Concurrency, type Outcome, type Pool, startPool } from './pool.ts';
import { lambdaEndpoint } from './wire.ts';

export interface FunctionConfiguration {
  readonly name: string;
  /** Becomes LAMBDA_TASK_ROOT; holds `index.mjs`. */
  readonly directory: string;
  /** `index.handler` for the export `handler` of `index.mjs`. */
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
}

export interface Lambda {
  readonly endpoint: Endpoint;
  readonly invoke: InvokeFunction;
  /** Starts an idle execution environment for each named function. Rejects when one cannot be loaded. */
  warm(names: readonly string[]): Promise<void>;
  /** Ends every execution environment, also busy ones, within a second. */
  close(): Promise<void>;
}

/** Delays are options, so that tests of long waits stay short. */
export interface LambdaOptions {
  readonly functions: readonly FunctionConfiguration[];
  /** Holds `<function>.log`; the functions' compile cache lies beside it. */
  readonly logDirectory: string;
  /** How many invocations run at once in the account. */
  readonly maxConcurrency?: number;
  /** How long a function may take to load; ten seconds as on Lambda. */
  readonly loadLimitMs?: number;
  /** The pause before the first repetition of a failed asynchronous invocation. */
  readonly retryDelayMs?: number;
}

/** A function named by an invocation. */
export interface Invocable {
  readonly configuration: FunctionConfiguration;
  run(event: string): Promise<Outcome>;
}

const DEFAULT_CONCURRENCY = 40;

export function startLambda(options: LambdaOptions): Lambda {
  const pools = startPools(options);
  const background = startBackground(options.retryDelayMs ?? 1000);
  const find = (functionName: string): Invocable => {
    const { name, qualifier } = parseFunctionName(functionName);
    const found = pools.get(name);
    if (!found) throw notFound(name);
    const functionArn = arn('lambda', `function:${name}${qualifier ? `:${qualifier}` : ''}`);
    return { configuration: found.configuration, run: (event) => found.pool.run(event, functionArn) };
  };
  return {
    endpoint: lambdaEndpoint({ configurations: options.functions, find, background }),
    async invoke(functionName, payload) {
      const outcome = await find(functionName).run(JSON.stringify(payload) ?? '{}');
      return outcome.kind === 'result'
        ? { kind: 'result', payload: JSON.parse(outcome.payload) }
        : { kind: 'function-error', ...outcome.failure };
    },
    async warm(names) {
      await Promise.all(names.map((name) => pools.get(find(name).configuration.name)?.pool.warm()));
    },
    async close() {
      background.close();
      await Promise.all([...pools.values()].map(({ pool }) => pool.close()));
    },
  };
}

function startPools(
  options: LambdaOptions,
): Map<string, { readonly configuration: FunctionConfiguration; readonly pool: Pool }> {
  const account: Concurrency = { limit: options.maxConcurrency ?? DEFAULT_CONCURRENCY, running: 0 };
  const compileCache = join(dirname(options.logDirectory), 'compile-cache');
  return new Map(
    options.functions.map((configuration) => {
      const log = functionLog(options.logDirectory, configuration.name);
      const loadLimitMs = options.loadLimitMs ?? 10_000;
      return [
        configuration.name,
        { configuration, pool: startPool(configuration, { log, compileCache, loadLimitMs, account }) },
      ];
    }),
  );
}

/** Takes `name`, `name:alias`, `account:function:name` and whole ARNs with or without an alias. */
function parseFunctionName(text: string): { name: string; qualifier: string | undefined } {
  const prefix = arn('lambda', 'function:');
  if (text.startsWith('arn:') && !text.startsWith(prefix)) throw notFound(text);
  const [name = '', qualifier] = text.replace(/^(.*:)?function:/, '').split(':');
  return { name, qualifier };
}

function notFound(name: string): AwsError {
  const functionArn = name.startsWith('arn:') ? name : arn('lambda', `function:${name}`);
  return new AwsError('ResourceNotFoundException', `Function not found: ${functionArn}`, {
    statusCode: 404,
    fields: { Type: 'User' },
  });
}
