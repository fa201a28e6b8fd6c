import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  GetParameterCommand,
  PutParameterCommand,
  SSMClient,
  type SSMClientConfig,
} from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type FaultInjection, faultInjection } from '../../../sandbox/faults/injection.ts';
import { startSns } from '../../../sandbox/sns/service.ts';
import { startSsm } from '../../../sandbox/ssm/service.ts';
import { type Served, serve } from '../fixtures/served.ts';

let injection: FaultInjection;
let served: Served;
let client: SSMClient;

beforeEach(async () => {
  injection = faultInjection();
  served = await serve((directory) =>
    injection.before({
      ssm: startSsm({ directory }).endpoint,
      sns: startSns({ directory, outboxFile: '', deliver: async () => {} }).endpoint,
    }),
  );
  client = ssm();
});

afterEach(() => {
  client.destroy();
  injection.close();
  return served.close();
});

/** A client that waits for an answer no longer than it must. */
function ssm(more: SSMClientConfig = {}): SSMClient {
  const requestHandler = { requestTimeout: 100, throwOnRequestTimeout: true };
  return new SSMClient({ ...served.configuration, requestHandler, ...more });
}

const put = (Value: string, by = client) =>
  by.send(new PutParameterCommand({ Name: '/switch', Value, Type: 'String', Overwrite: true }));
const value = async () => (await client.send(new GetParameterCommand({ Name: '/switch' }))).Parameter?.Value;

test.each([
  ['denied', { name: 'AccessDeniedException' }],
  ['unreachable', { code: 'ECONNRESET' }],
  ['reset', { code: 'ECONNRESET' }],
  ['unanswered-before', { name: 'TimeoutError' }],
])('a call that is %s has no effect', async (kind, error) => {
  await put('off');
  injection.faults.inject(`ssm.PutParameter:${kind}`);
  await expect(put('on')).rejects.toMatchObject(error);
  expect(await value()).toBe('off');
});

test.each([
  ['reset-after', { code: 'ECONNRESET' }],
  ['unanswered', { name: 'TimeoutError' }],
  ['malformed', { name: 'SyntaxError' }],
])('a call that is %s has its effect, though its client does not know', async (kind, error) => {
  await put('off');
  injection.faults.inject(`ssm.PutParameter:${kind}`);
  await expect(put('on')).rejects.toMatchObject(error);
  expect(await value()).toBe('on');
});

test('a late call has no effect before its client has given up, and has it then', async () => {
  await put('off');
  injection.faults.inject('ssm.PutParameter#1:late=0.05');
  await expect(put('late')).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(await value()).toBe('off');
  await put('meanwhile');
  await vi.waitFor(async () => expect(await value()).toBe('late'), 5000);
});

test.each(['late=0', 'unanswered-before'])(
  'a call held as %s has no effect any more once the sandbox closes',
  async (kind) => {
    const service = vi.fn(async () => ({ status: 200 }));
    const { ssm: endpoint = service } = injection.before({ ssm: service });
    injection.faults.inject(`ssm.*:${kind}`);
    const body = Buffer.alloc(0);
    const held = endpoint({ method: 'POST', path: '/', query: new URLSearchParams(), headers: {}, body });
    injection.close();
    await expect(held).rejects.toMatchObject({ name: 'ConnectionLost' });
    expect(service).not.toHaveBeenCalled();
  },
);

test('only the call that a rule counts to is hit, from the moment when the rule came', async () => {
  await put('before');
  injection.faults.inject('ssm.PutParameter#2:throttled');
  await put('first');
  await expect(put('second')).rejects.toMatchObject({ name: 'ThrottlingException' });
  await put('third');
  expect(await value()).toBe('third');
});

test('a rule may hold from one call onwards, for every operation of its service, and for no other service', async () => {
  injection.faults.inject('ssm.*#2+:unavailable');
  await put('first');
  for (const call of [put('second'), value()])
    await expect(call).rejects.toMatchObject({ name: 'InternalServerError' });
  const sns = new SNSClient(served.configuration);
  expect((await sns.send(new ListTopicsCommand({}))).Topics).toEqual([]);
  sns.destroy();
});

test('nothing goes wrong any more after the faults were cleared', async () => {
  injection.faults.inject('ssm.*:unreachable');
  await expect(put('on')).rejects.toMatchObject({ code: 'ECONNRESET' });
  injection.faults.clear();
  await put('on');
  expect(await value()).toBe('on');
});

test('a client that tries again gets over what goes wrong once', async () => {
  injection.faults.inject('ssm.PutParameter#1:reset-after');
  injection.faults.inject('ssm.PutParameter#2:unavailable');
  const stubborn = ssm({ maxAttempts: 3 });
  expect(await put('on', stubborn)).toMatchObject({ Version: 2 });
  stubborn.destroy();
});

test('a rule that is none is refused, and changes nothing', async () => {
  expect(() => injection.faults.inject('ssm.PutParameter:slow')).toThrow(/kinds are/);
  await put('on');
  expect(await value()).toBe('on');
});
