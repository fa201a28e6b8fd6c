import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { BUNDLING } from '../../lib/infra/bundle.ts';

type Sdk = Pick<typeof import('@aws-sdk/client-dynamodb'), 'DynamoDBClient' | 'UpdateItemCommand'> &
  Pick<
    typeof import('@aws-sdk/client-dynamodb'),
    'ConditionalCheckFailedException' | 'TransactionCanceledException'
  > &
  Pick<typeof import('@aws-sdk/client-lambda'), 'LambdaClient' | 'InvokeCommand'> &
  Pick<typeof import('@aws-sdk/client-sns'), 'SNSClient' | 'PublishCommand'> &
  Pick<typeof import('@aws-sdk/client-ssm'), 'SSMClient' | 'GetParameterCommand'>;

/** A program that is bundled like the functions. */
const PROGRAM = `
  export { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
  export { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
  export { LambdaClient, InvokeCommand } from '@aws-sdk/client-lambda';
  export { SNSClient, PublishCommand } from '@aws-sdk/client-sns';
  export { SSMClient, GetParameterCommand } from '@aws-sdk/client-ssm';
`;

let directory: string;
let server: Server;
let sdk: Sdk;
let size: number;
/** What the service answers to every request. */
let answer: { status: number; body: string; headers?: Record<string, string> };

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'lean-sdk-'));
  const outfile = join(directory, 'program.mjs');
  const stdin = { contents: PROGRAM, resolveDir: BUNDLING.absWorkingDir };
  await build({ ...BUNDLING, stdin, outfile, outExtension: {} });
  size = readFileSync(outfile).length;
  sdk = await import(/* @vite-ignore */ pathToFileURL(outfile).href);
  server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(answer.status, answer.headers).end(answer.body));
  });
  await new Promise<void>((listens) => server.listen(0, '127.0.0.1', listens));
});
afterEach(() => vi.unstubAllEnvs());
afterAll(async () => {
  await new Promise((closed) => server.close(closed).closeAllConnections());
  rmSync(directory, { recursive: true });
});

test.each([
  [400, 'ParameterNotFound', 'client'],
  [500, 'InternalServerError', 'server'],
])('an error whose class is left out is told as it came: %i %s', async (status, name, fault) => {
  answer = { status, body: JSON.stringify({ __type: name, message: 'there is none' }) };
  const asked = new sdk.SSMClient(surroundings()).send(new sdk.GetParameterCommand({ Name: '/switch' }));
  await expect(asked).rejects.toMatchObject({ name, message: 'there is none', $fault: fault });
});

test('an error of SNS goes by the code that came', async () => {
  const error = '<Error><Type>Sender</Type><Code>NotFound</Code><Message>no topic</Message></Error>';
  answer = { status: 404, body: `<ErrorResponse>${error}<RequestId>1</RequestId></ErrorResponse>` };
  const asked = new sdk.SNSClient(surroundings()).send(new sdk.PublishCommand({ Message: 'drill' }));
  await expect(asked).rejects.toMatchObject({ name: 'NotFound', message: 'no topic' });
});

test('nothing asks for the name of an error where only a code comes', () => {
  const adapters = join(BUNDLING.absWorkingDir, 'lib/adapters/aws');
  const files = readdirSync(adapters, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const users = files
    .map((file) => ({ file, code: readFileSync(join(adapters, file), 'utf8') }))
    .filter(({ code, file }) => file !== 'clients.ts' && /@aws-sdk\/client-(?:sns|sts)'/.test(code));
  expect(users.length).toBeGreaterThan(0);
  expect(users.filter(({ code }) => code.includes('.name ==')).map(({ file }) => file)).toEqual([]);
});

test('an error that tells when to try again still tells it', async () => {
  const headers = { 'x-amzn-errortype': 'TooManyRequestsException', 'retry-after': '7' };
  answer = { status: 429, headers, body: JSON.stringify({ Reason: 'CallerRateLimitExceeded' }) };
  const asked = new sdk.LambdaClient(surroundings()).send(new sdk.InvokeCommand({ FunctionName: 'undo' }));
  await expect(asked).rejects.toMatchObject({ name: 'TooManyRequestsException', retryAfterSeconds: '7' });
});

test.each(['ConditionalCheckFailedException', 'TransactionCanceledException'] as const)(
  'what is asked by its class has its class: %s',
  async (name) => {
    answer = { status: 400, body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}` }) };
    const update = new sdk.UpdateItemCommand({ TableName: 'drills', Key: { pk: { S: 'a' } } });
    await expect(new sdk.DynamoDBClient(surroundings()).send(update)).rejects.toBeInstanceOf(sdk[name]);
  },
);

test('without credentials in the environment the one who deploys is told what is missing', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
  const { credentials: _, ...bare } = surroundings();
  const asked = new sdk.SSMClient(bare).send(new sdk.GetParameterCommand({ Name: '/switch' }));
  await expect(asked).rejects.toThrow(/AWS_ACCESS_KEY_ID.*give it both/s);
});

test('no file of whoever runs it configures a function', async () => {
  const config = join(directory, 'config');
  writeFileSync(config, '[default]\nregion = eu-west-1\n');
  vi.stubEnv('AWS_CONFIG_FILE', config);
  for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION']) vi.stubEnv(name, undefined);
  const { region: _, ...bare } = surroundings();
  const client = new sdk.SSMClient(bare);
  await expect(client.send(new sdk.GetParameterCommand({ Name: '/switch' }))).rejects.toThrow(
    'Region is missing',
  );
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  expect(await new sdk.SSMClient(bare).config.region()).toBe('eu-central-1');
});

test('schemas of operations that are not called are left out', () => {
  expect(size).toBeLessThan(320_000);
});

function surroundings() {
  const { port } = server.address() as AddressInfo;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return { endpoint: `http://127.0.0.1:${port}`, region: 'eu-west-1', credentials, maxAttempts: 1 };
}
