/** Runs inside an execution environment: loads the function once, then answers one event at a time. */

import { flushCompileCache } from 'node:module';
import type { Failure, Request, RuntimeMessage } from './messages.ts';
import { loadHandler } from './runtime-handler.ts';

let phase: 'loading' | 'idle' | 'answering' = 'loading';
const tell = takeChannel();

process.on('disconnect', () => process.exit(0));
// An interrupt from the terminal reaches the whole process group; the service decides when an environment ends.
process.on('SIGINT', () => {});
process.on('uncaughtException', (error) => die(failureOf(error), 129));
process.on('unhandledRejection', (reason) =>
  die({ errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: String(reason) }, 128),
);

const loaded = await loadHandler(process.env.LAMBDA_TASK_ROOT ?? '', process.env._HANDLER ?? '');
if ('failure' in loaded) {
  die(loaded.failure, 1);
} else {
  process.on('message', async (request: Request) => {
    phase = 'answering';
    const message = await answer(loaded.handler, request);
    phase = 'idle';
    tell(message);
  });
  phase = 'idle';
  tell({ kind: 'loaded' });
  // Environments usually end by a signal, which would lose the cache that makes the next cold start quick.
  setTimeout(flushCompileCache, 250).unref();
}

/** The channel belongs to the runtime; on Lambda a handler has no `process.send`. */
function takeChannel(): (message: RuntimeMessage, sent?: () => void) => void {
  const send = process.send?.bind(process);
  if (!send) throw new Error('The runtime must be started by the sandbox, with an IPC channel.');
  delete process.send;
  return (message, sent) => send(message, undefined, undefined, () => sent?.());
}

async function answer(
  handler: (event: unknown, context: object) => unknown,
  request: Request,
): Promise<RuntimeMessage> {
  try {
    const result = await handler(JSON.parse(request.event), contextOf(request));
    return { kind: 'result', payload: marshal(result), memoryMb: memoryMb() };
  } catch (error) {
    const failure = failureOf(error);
    console.error(`${request.requestId} ERROR Invoke Error`, JSON.stringify(failure), error);
    return { kind: 'failure', failure, memoryMb: memoryMb() };
  }
}

function contextOf(request: Request): object {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    invokedFunctionArn: request.functionArn,
    awsRequestId: request.requestId,
    logGroupName: request.logGroupName,
    logStreamName: request.logStreamName,
    getRemainingTimeInMillis: () => request.deadlineMs - Date.now(),
  };
}

/** Functions and symbols have no JSON either; Lambda answers null for them as for `undefined`. */
function marshal(result: unknown): string {
  try {
    return JSON.stringify(result) ?? 'null';
  } catch (cause) {
    throw new Error('Unable to stringify response body', { cause });
  }
}

function failureOf(error: unknown): Failure {
  return error instanceof Error
    ? { errorType: error.name, errorMessage: error.message }
    : { errorType: typeof error, errorMessage: String(error) };
}

/** While nothing is asked of the environment, its death is only logged: the service replaces it. */
function die(failure: Failure, exitCode: number): void {
  console.error(`ERROR ${failure.errorType}: ${failure.errorMessage}`);
  if (phase === 'idle') process.exit(exitCode);
  tell({ kind: 'fatal', failure, memoryMb: memoryMb() }, () => process.exit(exitCode));
}

function memoryMb(): number {
  return Math.ceil(process.memoryUsage.rss() / 1_048_576);
}
