import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Invocation } from '../../../sandbox/aws/functions.ts';
import {
  type FunctionConfiguration,
  type Lambda,
  type LambdaOptions,
  startLambda,
} from '../../../sandbox/lambda/service.ts';

const fixtures = fileURLToPath(new URL('./fixtures', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'sandbox-lambda-'));
const logDirectory = join(root, 'logs');
const started: Lambda[] = [];
let lambda: Lambda;

beforeAll(async () => {
  process.env.SECRET_OF_THE_PARENT = 'hidden';
  lambda = start({
    functions: [
      configure('everything'),
      configure('hasty', { directory: join(fixtures, 'everything'), timeoutSeconds: 0.3 }),
      configure('broken'),
      configure('missing-import'),
      configure('unexported', { directory: join(fixtures, 'everything'), handler: 'index.absent' }),
      configure('callback', { directory: join(fixtures, 'everything'), handler: 'index.callback' }),
      configure('nowhere', { directory: join(root, 'no-such-directory') }),
    ],
  });
  await lambda.warm(['everything']);
});

afterAll(async () => {
  await Promise.all(started.map((each) => each.close()));
  rmSync(root, { recursive: true, force: true });
});

function start(options: Omit<LambdaOptions, 'logDirectory'>): Lambda {
  const next = startLambda({ logDirectory, ...options });
  started.push(next);
  return next;
}

function configure(name: string, overrides: Partial<FunctionConfiguration> = {}): FunctionConfiguration {
  return {
    name,
    directory: join(fixtures, name),
    handler: 'index.handler',
    timeoutSeconds: 20,
    memoryMb: 128,
    environment: { TABLE_NAME: 'drills', AWS_ACCESS_KEY_ID: 'sandbox', AWS_REGION: 'ignored' },
    ...overrides,
  };
}

async function result(invocation: Promise<Invocation>): Promise<unknown> {
  const outcome = await invocation;
  if (outcome.kind === 'function-error') throw new Error(`${outcome.errorType}: ${outcome.errorMessage}`);
  return outcome.payload;
}

function isRunning(pid: unknown): boolean {
  try {
    return process.kill(Number(pid), 0);
  } catch {
    return false;
  }
}

test('refuses a function that it does not have', async () => {
  const notFound = {
    code: 'ResourceNotFoundException',
    message: 'Function not found: arn:aws:lambda:us-east-1:000000000000:function:absent',
  };
  await expect(lambda.invoke('absent', {})).rejects.toMatchObject(notFound);
  await expect(lambda.warm(['absent'])).rejects.toMatchObject(notFound);
  await expect(
    lambda.invoke('arn:aws:lambda:eu-west-1:000000000000:function:everything', {}),
  ).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
});

test('refuses an eleventh request at once for one function', async () => {
  const crowded = start({ functions: [configure('everything')] });
  const requests = Array.from({ length: 11 }, () => crowded.invoke('everything', { do: 'sleep', ms: 10 }));
  const refused = (await Promise.allSettled(requests)).filter(({ status }) => status === 'rejected');
  expect(refused).toMatchObject([
    {
      reason: {
        code: 'TooManyRequestsException',
        fields: { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' },
      },
    },
  ]);
  await crowded.close();
});

test('refuses what exceeds the limit of the account', async () => {
  const small = start({ functions: [configure('everything'), configure('hasty')], maxConcurrency: 1 });
  const first = small.invoke('everything', { do: 'sleep', ms: 50 });
  await expect(small.invoke('everything', {})).rejects.toMatchObject({
    code: 'TooManyRequestsException',
    statusCode: 429,
    fields: { Reason: 'ConcurrentInvocationLimitExceeded' },
  });
  await first;
  await expect(result(small.invoke('everything', { value: 1 }))).resolves.toBe(1);
});

test.each([
  ['broken', 'TypeError', 'no configuration'],
  ['missing-import', 'Runtime.ImportModuleError', "Error: Cannot find package 'no-such-package'"],
  ['unexported', 'Runtime.HandlerNotFound', 'index.absent is undefined or not exported'],
  ['callback', 'Runtime.CallbackHandlerDeprecated', 'removed support for callback-based'],
  ['nowhere', 'Runtime.ExitError', 'Runtime could not be started: '],
])('tells why the function %s cannot be loaded: %s', async (name, errorType, message) => {
  const errorMessage = expect.stringContaining(message);
  await expect(lambda.invoke(name, {})).resolves.toEqual({ kind: 'function-error', errorType, errorMessage });
  await expect(lambda.warm([name])).rejects.toThrow(`The function ${name} cannot be loaded: ${errorType}`);
});

test('gives up on a function that loads for too long', async () => {
  const impatient = start({ functions: [configure('slow-load')], loadLimitMs: 300 });
  await expect(impatient.invoke('slow-load', {})).resolves.toEqual({
    kind: 'function-error',
    errorType: 'Sandbox.Timedout',
    errorMessage: expect.stringMatching(/^RequestId: \S{36} Error: Task timed out after 0.30 seconds$/),
  });
});

test.each([
  [{ do: 'throw', name: 'NotReady', message: 'wait' }, 'NotReady', 'wait'],
  [{ do: 'throw a word' }, 'string', 'a word'],
  [{ do: 'bigint' }, 'Error', 'Unable to stringify response body'],
  [{ do: 'large', bytes: 6_291_556 }, 'Function.ResponseSizeTooLarge', '(6291556 bytes)'],
  [{ do: 'exit', code: 3 }, 'Runtime.ExitError', 'Error: Runtime exited with error: exit status 3'],
  [{ do: 'exit', code: 0 }, 'Runtime.ExitError', 'Error: Runtime exited without providing a reason'],
  [{ do: 'kill' }, 'Runtime.ExitError', 'Error: Runtime exited with error: signal: killed'],
  [{ do: 'reject' }, 'Runtime.UnhandledPromiseRejection', 'Error: nobody listens'],
])('reports %o as the function error %s', async (event, errorType, message) => {
  await expect(lambda.invoke('everything', event)).resolves.toEqual({
    kind: 'function-error',
    errorType,
    errorMessage: expect.stringContaining(message),
  });
});

test.each(['sleep', 'spin'])('kills a function that exceeds its time, even in a %s', async (deed) => {
  const { pid } = (await result(lambda.invoke('hasty', { do: 'identity' }))) as { pid: number };
  await expect(lambda.invoke('hasty', { do: deed, ms: 60_000 })).resolves.toEqual({
    kind: 'function-error',
    errorType: 'Sandbox.Timedout',
    errorMessage: expect.stringMatching(/^RequestId: \S{36} Error: Task timed out after 0.30 seconds$/),
  });
  await vi.waitFor(() => expect(isRunning(pid)).toBe(false), 5000);
});

test('shows a function its own variables and nothing of the parent', async () => {
  const environment = await result(lambda.invoke('everything', { do: 'environment' }));
  expect(environment).toEqual({
    PATH: process.env.PATH,
    TZ: 'UTC',
    NODE_COMPILE_CACHE: join(root, 'compile-cache'),
    TABLE_NAME: 'drills',
    AWS_ACCESS_KEY_ID: 'sandbox',
    AWS_LAMBDA_FUNCTION_NAME: 'everything',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    LAMBDA_TASK_ROOT: join(fixtures, 'everything'),
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    _HANDLER: 'index.handler',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  });
});

test("hands Lambda's context to the function", async () => {
  const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:everything:live';
  const context = (await result(lambda.invoke(functionArn, { do: 'context' }))) as { remainingMs: number };
  expect(context).toMatchObject({
    functionName: 'everything',
    functionVersion: '$LATEST',
    invokedFunctionArn: functionArn,
    memoryLimitInMB: '128',
    awsRequestId: expect.stringMatching(/^\S{36}$/),
    logGroupName: '/aws/lambda/everything',
    logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
  });
  expect(context.remainingMs).toBeGreaterThan(10_000);
  expect(context.remainingMs).toBeLessThanOrEqual(20_000);
});

test('answers what JSON can say, and null for nothing', async () => {
  const value = { text: 'Zürich', list: [1, null, { deep: true }] };
  await expect(lambda.invoke('everything', { value })).resolves.toEqual({ kind: 'result', payload: value });
  await expect(result(lambda.invoke('everything', { do: 'nothing' }))).resolves.toBeNull();
  await expect(result(lambda.invoke('everything', undefined))).resolves.toBeNull();
});

test('keeps a process for the next request, and starts another one only when all are busy', async () => {
  const before = (await result(lambda.invoke('everything', { do: 'identity' }))) as Record<string, unknown>;
  const after = await result(lambda.invoke('everything', { do: 'identity' }));
  expect(after).toEqual({ ...before, served: Number(before.served) + 1 });
  expect(after).toMatchObject({ cwd: join(fixtures, 'everything'), canSend: 'undefined' });
  const together = [1, 2].map(() => result(lambda.invoke('everything', { do: 'sleep', ms: 50 })));
  expect(new Set(await Promise.all(together)).size).toBe(2);
});

test('survives what a function does after its answer', async () => {
  const pid = await result(lambda.invoke('everything', { do: 'reject afterwards' }));
  await vi.waitFor(() => expect(isRunning(pid)).toBe(false), 5000);
  await expect(result(lambda.invoke('everything', { value: 'still here' }))).resolves.toBe('still here');
});

test('writes a log of its output between START, END and REPORT', async () => {
  await lambda.invoke('everything', { do: 'say', words: 'a line of the function' });
  const log = readFileSync(join(logDirectory, 'everything.log'), 'utf8');
  expect(log).toMatch(
    /START RequestId: (\S{36}) Version: \$LATEST\na line of the function\nEND RequestId: \1\nREPORT RequestId: \1\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: \d+ MB/,
  );
  expect(log).toMatch(/\tInit Duration: [\d.]+ ms/);
});

test('keeps the compiled code for the next cold start', async () => {
  await vi.waitFor(() => expect(existsSync(join(root, 'compile-cache'))).toBe(true), 5000);
});

test('leaves no process behind when the sandbox is killed', async () => {
  const service = fileURLToPath(new URL('../../../sandbox/lambda/service.ts', import.meta.url));
  const functions = JSON.stringify([configure('everything')]);
  const script = `import { startLambda } from ${JSON.stringify(service)};
    const lambda = startLambda({ functions: ${functions}, logDirectory: ${JSON.stringify(logDirectory)} });
    const { payload } = await lambda.invoke('everything', { do: 'identity' });
    console.log(payload.pid);
    setInterval(() => {}, 1000);`;
  const sandbox = spawn(process.execPath, ['--input-type=module', '--eval', script]);
  const [printed] = await once(sandbox.stdout, 'data');
  expect(isRunning(printed)).toBe(true);
  sandbox.kill('SIGKILL');
  await vi.waitFor(() => expect(isRunning(printed)).toBe(false), 5000);
});

test('leaves no process behind when it closes, busy or idle', async () => {
  const brief = start({ functions: [configure('everything')] });
  const { pid } = (await result(brief.invoke('everything', { do: 'identity' }))) as { pid: number };
  const busy = brief.invoke('everything', { do: 'spin' });
  const idle = (await result(brief.invoke('everything', { do: 'identity' }))) as { pid: number };
  await brief.close();
  expect([pid, idle.pid].map(isRunning)).toEqual([false, false]);
  await expect(busy).resolves.toMatchObject({ kind: 'function-error', errorType: 'Runtime.ExitError' });
  await expect(brief.invoke('everything', {})).rejects.toMatchObject({ code: 'TooManyRequestsException' });
});
