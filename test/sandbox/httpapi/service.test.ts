import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HttpApi, startHttpApi } from '../../../sandbox/httpapi/service.ts';
import { type Lambda, startLambda } from '../../../sandbox/lambda/service.ts';
import { type Sent, send } from './fixtures/signed.ts';

const MINUTE_MS = 60_000;
const root = mkdtempSync(join(tmpdir(), 'sandbox-httpapi-'));
let lambda: Lambda;
let api: HttpApi;
let invoked = 0;

beforeAll(async () => {
  const directory = fileURLToPath(new URL('./fixtures/front', import.meta.url));
  const settings = {
    directory,
    handler: 'index.handler',
    timeoutSeconds: 20,
    memoryMb: 128,
    environment: {},
  };
  lambda = startLambda({
    functions: [
      { name: 'front', ...settings },
      { name: 'hasty', ...settings, timeoutSeconds: 0.2 },
    ],
    logDirectory: join(root, 'logs'),
  });
  api = await startHttpApi({
    functionName: 'front',
    invokeFunction: (...call) => {
      invoked += 1;
      return lambda.invoke(...call);
    },
  });
});
afterAll(async () => {
  await api.close();
  await lambda.close();
  rmSync(root, { recursive: true, force: true });
});

describe('a request that its caller did not sign like this gets no further', () => {
  const from = (minutes: number) => ({ signed: { at: new Date(Date.now() + minutes * MINUTE_MS) } });
  test.each<[string, Sent]>([
    ['nobody signed it', { signed: null }],
    ['the secret is another one', { signed: { secretAccessKey: 'guessed' } }],
    ['it was signed more than five minutes ago', from(-6)],
    ['it will be signed in more than five minutes', from(6)],
    ['it was signed for another service', { signed: { service: 'lambda' } }],
    ['it was signed for another Region', { signed: { region: 'eu-west-1' } }],
    ['the access key id names nobody', { signed: { accessKeyId: 'role.without-session' } }],
    ['its path was changed', { altered: { path: '/drills/other' } }],
    ['its query was changed', { altered: { path: '/drills/one?limit=2&after=x' } }],
    ['its body was changed', { method: 'POST', body: '{"a":1}', altered: { body: '{"a":2}' } }],
    ['its signature has no form', { altered: { authorization: 'AWS4-HMAC-SHA256 Credential=alice' } }],
    ['a token stands in the place of a signature', { altered: { authorization: 'Bearer token' } }],
  ])('%s', async (_, sent) => {
    const before = invoked;
    const got = await send(api.url, '/drills/one?limit=1&after=x', sent);
    expect(got).toMatchObject({ status: 403, headers: { 'content-type': 'application/json' } });
    expect(got.document()).toEqual({ message: 'Forbidden' });
    expect(invoked).toBe(before);
  });

  test('a signature that does not cover the host', async () => {
    const date = '20261121T120000Z';
    const authorization = `AWS4-HMAC-SHA256 Credential=alice/20261121/us-east-1/execute-api/aws4_request, SignedHeaders=x-amz-date, Signature=${'0'.repeat(64)}`;
    const headers = { 'x-amz-date': date };
    expect((await send(api.url, '/', { headers, signed: null, altered: { authorization } })).status).toBe(
      403,
    );
  });
});

describe('what the signer of the AWS SDK signs is let in', () => {
  test.each([
    ['/'],
    ['/drills//one/../two/'],
    ['/targets/ecs:demo/shop/statistics'],
    ['/targets/ecs%3Ademo%2Fshop/statistics?asOf=2026-11-03'],
    ["/drills/it's(a)*drill!"],
    ['/drills/%C3%BC%20x'],
    ['/targets?limit=1&cursor=a%2Bb%3D&b=2&a=1&a=0&flag='],
  ])('%s', async (path) => {
    expect((await send(api.url, path)).status).toBe(200);
  });

  test('with a body, too, whatever is in it', async () => {
    for (const body of ['{"reason":"ü"}', Buffer.from([0, 1, 255])])
      expect((await send(api.url, '/drills', { method: 'POST', body })).status).toBe(200);
  });

  test('four minutes early or late', async () => {
    for (const minutes of [-4, 4]) {
      const at = new Date(Date.now() + minutes * MINUTE_MS);
      expect((await send(api.url, '/', { signed: { at } })).status).toBe(200);
    }
  });
});

describe('what the function hears', () => {
  const eventOf = async (path: string, sent: Sent = {}) => (await send(api.url, path, sent)).document();

  test('who has signed, in the words of IAM', async () => {
    const session = { accessKeyId: 'role.deployers.deploy-7' };
    expect(await eventOf('/', { signed: session })).toMatchObject({
      requestContext: {
        accountId: '000000000000',
        authorizer: {
          iam: {
            accessKey: 'role.deployers.deploy-7',
            accountId: '000000000000',
            callerId: expect.stringMatching(/^AROA[0-9A-F]{17}:deploy-7$/),
            cognitoIdentity: null,
            principalOrgId: null,
            userArn: 'arn:aws:sts::000000000000:assumed-role/deployers/deploy-7',
            userId: expect.stringMatching(/:deploy-7$/),
          },
        },
      },
    });
  });

  test('nothing of a caller that the request itself claims', async () => {
    const claimed = { 'x-user-arn': 'arn:aws:iam::000000000000:user/root', authorizer: '{}' };
    const event = await eventOf('/?userArn=root', { headers: claimed, signed: { accessKeyId: 'bob' } });
    expect(event).toMatchObject({
      requestContext: { authorizer: { iam: { userArn: 'arn:aws:iam::000000000000:user/bob' } } },
    });
  });

  test('the request in payload format 2.0: path decoded, query as sent, what came twice joined by commas', async () => {
    const headers = { 'X-Twice': ['one', 'two'], Cookie: 'a=1; b=2', 'User-Agent': 'test' };
    const event = await eventOf('/targets/ecs%3Ademo%2Fshop?b=2&a=1&a=0', { headers });
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/targets/ecs:demo/shop',
      rawQueryString: 'b=2&a=1&a=0',
      cookies: ['a=1', 'b=2'],
      headers: { 'x-twice': 'one,two', 'user-agent': 'test', 'x-forwarded-for': '127.0.0.1' },
      queryStringParameters: { a: '1,0', b: '2' },
      requestContext: {
        apiId: 'sandboxapi',
        http: {
          method: 'GET',
          path: '/targets/ecs:demo/shop',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'test',
        },
        requestId: expect.any(String),
        routeKey: '$default',
        stage: '$default',
        time: expect.stringMatching(/^\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2} \+0000$/),
        timeEpoch: expect.any(Number),
      },
      isBase64Encoded: false,
    });
    expect(event).not.toHaveProperty('body');
    expect(event).not.toHaveProperty('headers.cookie');
  });

  test.each([
    ['application/json', '{"a":1}', false],
    ['application/problem+json; charset=utf-8', '{}', false],
    ['text/plain', 'ü', false],
    ['application/x-www-form-urlencoded', 'YT0x', true],
    ['application/octet-stream', 'AAH/', true],
  ])('a body of type %s', async (type, heard, isBase64Encoded) => {
    const body = isBase64Encoded ? Buffer.from(heard, 'base64') : heard;
    const event = await eventOf('/', { method: 'POST', headers: { 'content-type': type }, body });
    expect(event).toMatchObject({ body: heard, isBase64Encoded });
  });
});

describe('what the caller hears', () => {
  const deed = (name: string) => send(api.url, '/', { headers: { 'x-deed': name } });

  test('nothing of why the function failed', async () => {
    for (const name of ['throw', 'no status', 'bad header']) {
      const got = await deed(name);
      expect([got.status, String(got.body)], name).toEqual([500, '{"message":"Internal Server Error"}']);
    }
  });

  test('the answer of the function, and the id of the request', async () => {
    const got = await deed('event');
    expect(got).toMatchObject({ status: 200, headers: { 'x-seen': 'yes' } });
    expect(got.document()).toMatchObject({ requestContext: { requestId: got.headers['apigw-requestid'] } });
    expect((await deed('document')).document()).toEqual({ plain: true });
    expect((await deed('cookies')).headers['set-cookie']).toEqual(['a=1', 'b=2']);
    expect([...(await deed('bytes')).body]).toEqual([0, 255]);
  });

  test('that the path cannot be read', async () => {
    expect((await send(api.url, '/%ZZ')).status).toBe(400);
  });

  test.each([
    ['more than Lambda takes', 7],
    ['more than HTTP APIs take', 11],
  ])('that the body is too large: %s', async (_, megabytes) => {
    const before = invoked;
    const body = 'x'.repeat(megabytes * 1_048_576);
    const got = await send(api.url, '/', { method: 'POST', body }).catch(
      ({ code }: { code?: string }) => code,
    );
    // Whoever is still sending when the connection ends may not come to hear why.
    if (typeof got === 'string') expect(['EPIPE', 'ECONNRESET']).toContain(got);
    else expect(got).toMatchObject({ status: 413, headers: { 'content-type': 'application/json' } });
    expect(invoked).toBe(before);
  });
});

describe('an answer that is late', () => {
  test('is not waited for longer than the API waits, nor longer than the function may take', async () => {
    const options = { invokeFunction: lambda.invoke, answerLimitMs: 100 };
    const [short, hasty] = await Promise.all([
      startHttpApi({ ...options, functionName: 'front' }),
      startHttpApi({ invokeFunction: lambda.invoke, functionName: 'hasty' }),
    ]);
    const headers = { 'x-deed': 'sleep' };
    const [unavailable, timedOut] = await Promise.all([
      send(short.url, '/', { headers }),
      send(hasty.url, '/', { headers }),
    ]);
    expect([unavailable.status, unavailable.document()]).toEqual([503, { message: 'Service Unavailable' }]);
    expect(timedOut.status).toBe(500);
    await Promise.all([short.close(), hasty.close()]);
  });

  test('lets two hundred others wait for their turn, and no more than two run at once', async () => {
    let [running, most] = [0, 0];
    const { promise: twoRun, resolve: release } = Promise.withResolvers<void>();
    const crowded = await startHttpApi({
      functionName: 'front',
      invokeFunction: async () => {
        most = Math.max(most, ++running);
        if (running === 2) release();
        await twoRun;
        running -= 1;
        return { kind: 'result', payload: {} };
      },
    });
    const all = await Promise.all(Array.from({ length: 200 }, () => send(crowded.url, '/')));
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200]));
    expect(most).toBe(2);
    await crowded.close();
  });
});
