import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { REGION } from '../aws/account.ts';
import type { Request, RuntimeMessage } from './messages.ts';
import type { FunctionConfiguration } from './service.ts';

/** What comes out of an environment within a limit: what its runtime says, its end, or nothing. */
export type Heard =
  | RuntimeMessage
  | { readonly kind: 'exit'; readonly reason: string }
  | { readonly kind: 'timeout' };

/** One real process that serves one request at a time. */
export interface Environment {
  readonly logStreamName: string;
  /** What loading the function came to; never rejects. */
  readonly loaded: Promise<Heard>;
  /** An environment that does not answer within `limitMs` is killed. */
  ask(request: Request, limitMs: number): Promise<Heard>;
  readonly ended: Promise<void>;
  /** Asks with SIGTERM, then insists with SIGKILL. */
  end(): Promise<void>;
}

const RUNTIME = fileURLToPath(new URL('./runtime.ts', import.meta.url));
const GRACE_MS = 500;

export function startEnvironment(
  configuration: FunctionConfiguration,
  options: { readonly logFile: number; readonly compileCache: string; readonly loadLimitMs: number },
): Environment {
  const child = spawn(configuration, options.logFile, options.compileCache);
  const { hear, ended } = listenTo(child);
  return {
    logStreamName: `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${crypto.randomUUID().replaceAll('-', '')}`,
    loaded: hear(options.loadLimitMs),
    ask(request, limitMs) {
      const heard = hear(limitMs);
      if (child.connected) child.send(request, () => {});
      return heard;
    },
    ended,
    async end() {
      child.kill('SIGTERM');
      const insist = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
      await ended;
      clearTimeout(insist);
    },
  };
}

/** A running sandbox is held by its servers, never by idle environments. */
function spawn(configuration: FunctionConfiguration, logFile: number, compileCache: string): ChildProcess {
  const child = fork(RUNTIME, [], {
    cwd: configuration.directory,
    env: environmentOf(configuration, compileCache),
    execArgv: [`--max-old-space-size=${configuration.memoryMb}`],
    serialization: 'advanced',
    stdio: ['ignore', logFile, logFile, 'ipc'],
  });
  child.unref();
  child.channel?.unref();
  return child;
}

/** As on Lambda, a function may set TZ for itself but not what Lambda says about it. Nothing of the parent leaks in but PATH. */
function environmentOf(configuration: FunctionConfiguration, compileCache: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH ?? '',
    TZ: 'UTC',
    NODE_COMPILE_CACHE: compileCache,
    ...configuration.environment,
    AWS_LAMBDA_FUNCTION_NAME: configuration.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    LAMBDA_TASK_ROOT: configuration.directory,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    _HANDLER: configuration.handler,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  };
}

function listenTo(child: ChildProcess): {
  hear: (limitMs: number) => Promise<Heard>;
  ended: Promise<void>;
} {
  let end: Heard | undefined;
  let listener: ((heard: Heard) => void) | undefined;
  const tell = (heard: Heard) => {
    const listening = listener;
    listener = undefined;
    listening?.(heard);
  };
  const ended = new Promise<void>((resolve) => {
    const finish = (reason: string) => {
      end ??= { kind: 'exit', reason };
      tell(end);
      resolve();
    };
    // Unlike 'exit', 'close' comes after everything that the process still said on its channel.
    child.once('close', (code, signal) => finish(exitReason(code, signal)));
    child.on('error', (error) => {
      if (child.pid === undefined) finish(`Runtime could not be started: ${error.message}`);
    });
  });
  child.on('message', (message) => tell(message as RuntimeMessage));
  const hear = (limitMs: number) =>
    new Promise<Heard>((resolve) => {
      if (end) return resolve(end);
      const limit = setTimeout(() => {
        child.kill('SIGKILL');
        tell({ kind: 'timeout' });
      }, limitMs);
      listener = (heard) => {
        clearTimeout(limit);
        resolve(heard);
      };
    });
  return { hear, ended };
}

const SIGNAL_NAMES: Readonly<Record<string, string>> = {
  SIGKILL: 'killed',
  SIGTERM: 'terminated',
  SIGABRT: 'aborted (core dumped)',
  SIGSEGV: 'segmentation fault (core dumped)',
};

function exitReason(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal) return `Runtime exited with error: signal: ${SIGNAL_NAMES[signal] ?? signal}`;
  return code === 0
    ? 'Runtime exited without providing a reason'
    : `Runtime exited with error: exit status ${code}`;
}
