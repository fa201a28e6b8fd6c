import {
  DeleteParameterCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParametersCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Ssm, startSsm } from '../../../sandbox/ssm/service.ts';
import { type Served, serve } from '../fixtures/served.ts';

const Name = '/drills/switch';
const ARN = 'arn:aws:ssm:us-east-1:000000000000:parameter/drills/switch';
let ssm: Ssm;
let served: Served;
let client: SSMClient;

beforeEach(async () => {
  served = await serve((directory) => {
    ssm = startSsm({ directory, now: () => Date.UTC(2026, 10, 21) });
    return { ssm: (request) => ssm.endpoint(request) };
  });
  client = new SSMClient(served.configuration);
});

afterEach(() => {
  client.destroy();
  return served.close();
});

const put = (input: Partial<PutParameterCommandInput> = {}) =>
  client.send(new PutParameterCommand({ Name, Value: 'off', Type: 'String', ...input }));
const get = (name = Name) => client.send(new GetParameterCommand({ Name: name }));

test('never overwrites a parameter that nobody asked to overwrite', async () => {
  await put();
  await expect(put({ Value: 'on' })).rejects.toMatchObject({
    name: 'ParameterAlreadyExists',
    $metadata: { httpStatusCode: 400 },
  });
  expect((await get()).Parameter?.Value).toBe('off');
});

test('finds no parameter that is not there, or no longer', async () => {
  await expect(get()).rejects.toMatchObject({ name: 'ParameterNotFound' });
  const remove = () => client.send(new DeleteParameterCommand({ Name }));
  await expect(remove()).rejects.toMatchObject({ name: 'ParameterNotFound' });
  await put();
  await remove();
  await expect(get()).rejects.toMatchObject({ name: 'ParameterNotFound' });
});

test.each<[string, Partial<PutParameterCommandInput>]>([
  ['a secret', { Type: 'SecureString' }],
  ['a new parameter without a type', { Type: undefined }],
  ['a name outside its hierarchy', { Name: 'drills/switch' }],
  ['a name that belongs to AWS', { Name: '/aws/switch' }],
  ['a name with a space', { Name: '/my switch' }],
  ['a value of more than 4 KB', { Value: 'x'.repeat(4097) }],
  ['an expiration policy', { Policies: '[]' }],
])('refuses %s', async (_title, input) => {
  await expect(put(input)).rejects.toMatchObject({ name: 'ValidationException' });
});

test('keeps no old version', async () => {
  await put();
  expect(await put({ Value: 'on', Overwrite: true, Type: undefined })).toMatchObject({ Version: 2 });
  await expect(get(`${Name}:1`)).rejects.toMatchObject({ name: 'ParameterVersionNotFound' });
  expect((await get(`${Name}:2`)).Parameter).toMatchObject({ Value: 'on', Selector: ':2' });
});

test('a parameter is found by its name and its ARN, after a restart too', async () => {
  await put({ Value: 'on: incident 7', Description: 'stops every drill' });
  ssm = startSsm({ directory: served.directory });
  const expected = {
    Name,
    Type: 'String',
    Value: 'on: incident 7',
    Version: 1,
    LastModifiedDate: new Date(Date.UTC(2026, 10, 21)),
    ARN,
    DataType: 'text',
  };
  expect((await get()).Parameter).toEqual(expected);
  expect((await get(ARN)).Parameter).toEqual(expected);
});

test('of several parameters says which are missing', async () => {
  await put();
  await put({ Name: 'plain', Value: '1' });
  const Names = [Name, 'absent', 'plain'];
  const { Parameters, InvalidParameters } = await client.send(new GetParametersCommand({ Names }));
  expect(Parameters?.map(({ Value }) => Value)).toEqual(['off', '1']);
  expect(InvalidParameters).toEqual(['absent']);
});

test('what is told of parameters has their version, and never their value', async () => {
  await put();
  await put({ Value: 'on', Overwrite: true });
  const asked = { Key: 'Name', Option: 'Equals', Values: [Name, '/absent'] };
  const { Parameters } = await client.send(new DescribeParametersCommand({ ParameterFilters: [asked] }));
  expect(Parameters).toEqual([
    {
      Name,
      ARN,
      Type: 'String',
      Version: 2,
      LastModifiedDate: expect.any(Date),
      Tier: 'Standard',
      DataType: 'text',
    },
  ]);
});
