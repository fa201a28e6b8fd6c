import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { StackAnswer } from '../../lib/adapters/http/custom-resource.ts';

const IDS = {
  StackId: 'arn:aws:cloudformation:eu-west-1:123456789012:stack/RollbackDrills/1-2-3',
  RequestId: 'request-1',
  LogicalResourceId: 'RemovalGuard',
};
const CONTEXT = { getRemainingTimeInMillis: () => 60_000 };

interface Told {
  readonly answer: StackAnswer;
  readonly headers: IncomingHttpHeaders;
  readonly method: string | undefined;
}

let cloudFormation: Server;
let url: string;
let told: Told[];
let status: number;

beforeEach(async () => {
  told = [];
  status = 200;
  cloudFormation = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    told.push({ answer: JSON.parse(body), headers: request.headers, method: request.method });
    response.writeHead(status).end();
  });
  await new Promise<void>((listens) => cloudFormation.listen(0, '127.0.0.1', listens));
  const origin = `http://127.0.0.1:${(cloudFormation.address() as AddressInfo).port}`;
  url = `${origin}/answer?Signature=secret`;
  vi.spyOn(console, 'log').mockImplementation(() => {});
  const unreachable = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_MAX_ATTEMPTS: '1' };
  const ours = {
    TABLE_NAME: 'drills',
    BUCKET_NAME: 'receipts',
    TOPIC_ARN: 'arn:topic',
    AWS_REGION: 'eu-west-1',
  };
  const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  for (const [name, value] of Object.entries({ ...unreachable, ...ours, ...credentials }))
    vi.stubEnv(name, value);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await new Promise((closed) => cloudFormation.close(closed).closeAllConnections());
});

describe('CloudFormation', () => {
  test('is told that the stack must not go when the table cannot be read', async () => {
    await asked('Delete', { PhysicalResourceId: 'removal-guard' });
    const [{ answer } = {}] = told;
    expect(answer).toMatchObject({ ...IDS, Status: 'FAILED', PhysicalResourceId: 'removal-guard' });
    expect(answer?.Reason).toContain('whether a drill is open could not be read');
  });

  test.each(['Create', 'Update'])('is not kept waiting for a drill where nothing goes: %s', async (type) => {
    await asked(type);
    expect(told.map(({ answer }) => answer)).toMatchObject([
      { ...IDS, Status: 'SUCCESS', PhysicalResourceId: 'removal-guard' },
    ]);
  });

  test('is answered as it has signed the address: by PUT, without a content type', async () => {
    await asked('Create');
    expect(told[0]).toMatchObject({ method: 'PUT', headers: { 'content-length': expect.anything() } });
    expect(told[0]?.headers).not.toHaveProperty('content-type');
  });

  test('that does not take the answer is answered again by the next invocation, and the address stays secret', async () => {
    status = 403;
    const invoked = asked('Create');
    await expect(invoked).rejects.toThrow('refused the answer with 403');
    await expect(invoked).rejects.not.toThrow('Signature');
    expect(JSON.stringify(vi.mocked(console.log).mock.calls)).not.toContain('Signature');
  });
});

async function asked(RequestType: string, more: object = {}): Promise<unknown> {
  const { handler } = await import('../../functions/guard-removal/handler.ts');
  const ResourceProperties = { ServiceToken: 'arn:function', OwnsSafetySwitch: 'false' };
  return handler({ ...IDS, RequestType, ResponseURL: url, ResourceProperties, ...more }, CONTEXT as never);
}
