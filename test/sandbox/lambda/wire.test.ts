import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  DeleteFunctionCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Gateway, startGateway } from '../../../sandbox/aws/gateway.ts';
import { type Lambda, startLambda } from '../../../sandbox/lambda/service.ts';

const root = mkdtempSync(join(tmpdir(), 'sandbox-lambda-wire-'));
const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:everything';
let lambda: Lambda;
let gateway: Gateway;
let client: LambdaClient;

beforeAll(async () => {
  const directory = fileURLToPath(new URL('./fixtures/everything', import.meta.url));
  const configuration = { directory, handler: 'index.handler', timeoutSeconds: 20, memoryMb: 128 };
  lambda = startLambda({
    functions: [{ name: 'everything', ...configuration, environment: { TABLE_NAME: 'drills' } }],
    logDirectory: join(root, 'logs'),
    retryDelayMs: 20,
  });
  gateway = await startGateway({ lambda: lambda.endpoint });
  const credentials = { accessKeyId: 'x', secretAccessKey: 'y' };
  client = new LambdaClient({ endpoint: gateway.url, region: 'us-east-1', credentials, maxAttempts: 1 });
});

afterAll(async () => {
  client.destroy();
  await gateway.close();
  await lambda.close();
  rmSync(root, { recursive: true, force: true });
});

function invoke(event: unknown, options: { name?: string; type?: 'Event' | 'DryRun' } = {}) {
  return client.send(
    new InvokeCommand({
      FunctionName: options.name ?? 'everything',
      ...(options.type && { InvocationType: options.type }),
      Payload: typeof event === 'string' ? Buffer.from(event) : JSON.stringify(event),
    }),
  );
}

function payload(response: { Payload?: Uint8Array }): unknown {
  return JSON.parse(Buffer.from(response.Payload ?? []).toString());
}

test('refuses unknown functions with the error that the client knows', async () => {
  await expect(invoke({}, { name: 'absent' })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Function not found: arn:aws:lambda:us-east-1:000000000000:function:absent',
    Type: 'User',
    $metadata: { httpStatusCode: 404 },
  });
  const asked = new GetFunctionCommand({ FunctionName: 'absent' });
  await expect(client.send(asked)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('refuses an event that is not JSON', async () => {
  await expect(invoke('{"half":')).rejects.toMatchObject({ name: 'InvalidRequestContentException' });
});

test('refuses an event larger than 6 MB, or 1 MB when asynchronous', async () => {
  const large = { value: 'x'.repeat(6_291_456) };
  await expect(invoke(large)).rejects.toMatchObject({ name: 'RequestTooLargeException' });
  const smaller = { value: 'x'.repeat(1_048_576) };
  await expect(invoke(smaller, { type: 'Event' })).rejects.toMatchObject({
    name: 'RequestTooLargeException',
  });
});

test('refuses operations that it does not have', async () => {
  const deleted = client.send(new DeleteFunctionCommand({ FunctionName: 'everything' }));
  await expect(deleted).rejects.toMatchObject({ name: 'UnknownOperationException' });
});

test('invokes by name, by ARN and by the ARN of an alias', async () => {
  for (const name of ['everything', functionArn, `${functionArn}:live`, '000000000000:function:everything']) {
    const response = await invoke({ value: name }, { name });
    expect(payload(response)).toBe(name);
    expect(response).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(response.FunctionError).toBeUndefined();
  }
});

test('answers a function error as a successful call with FunctionError', async () => {
  const response = await invoke({ do: 'throw', name: 'NotReady', message: 'wait' });
  expect(response).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
  expect(payload(response)).toEqual({ errorType: 'NotReady', errorMessage: 'wait' });
});

test('runs an asynchronous invocation later, and repeats it twice when it fails', async () => {
  const file = join(root, 'attempts');
  const response = await invoke({ do: 'fail and count', file }, { type: 'Event' });
  expect(response.StatusCode).toBe(202);
  const attempts = () => (existsSync(file) ? readFileSync(file, 'utf8').length : 0);
  await vi.waitFor(() => expect(attempts()).toBe(3), 5000);
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(attempts()).toBe(3);
});

test('runs nothing in a dry run', async () => {
  const file = join(root, 'dry');
  const response = await invoke({ do: 'fail and count', file }, { type: 'DryRun' });
  expect(response.StatusCode).toBe(204);
  expect(existsSync(file)).toBe(false);
});

test('describes its functions', async () => {
  const FunctionName = functionArn;
  const configuration = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
  expect(configuration).toMatchObject({
    FunctionName: 'everything',
    FunctionArn: functionArn,
    Runtime: 'nodejs24.x',
    Timeout: 20,
    Environment: { Variables: { TABLE_NAME: 'drills' } },
  });
  const { Configuration } = await client.send(new GetFunctionCommand({ FunctionName: 'everything' }));
  expect(Configuration?.FunctionArn).toBe(functionArn);
  const { Functions } = await client.send(new ListFunctionsCommand({}));
  expect(Functions?.map((each) => each.FunctionName)).toEqual(['everything']);
});

test('answers a warm invocation within a few milliseconds', async () => {
  const durationsMs: number[] = [];
  for (let round = 0; round < 50; round += 1) {
    const startedMs = performance.now();
    await lambda.invoke('everything', { value: round });
    durationsMs.push(performance.now() - startedMs);
  }
  const medianMs = durationsMs.sort((a, b) => a - b)[25] ?? Number.NaN;
  expect(medianMs).toBeLessThan(10);
});
