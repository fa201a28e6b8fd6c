import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stsEndpoint } from '../../../sandbox/sts/service.ts';
import { type Served, serve } from '../fixtures/served.ts';

let served: Served;

beforeEach(async () => {
  served = await serve(() => ({ sts: stsEndpoint() }));
});

afterEach(() => served.close());

async function as<T>(accessKeyId: string, use: (client: STSClient) => Promise<T>): Promise<T> {
  const credentials = { accessKeyId, secretAccessKey: 'any' };
  const client = new STSClient({ ...served.configuration, credentials });
  return use(client).finally(() => client.destroy());
}

const whoIs = (accessKeyId: string) =>
  as(accessKeyId, (client) => client.send(new GetCallerIdentityCommand({})));

test.each(['role.deployers', 'role.', 'federated.', 'alice:smith', 'alice!'])(
  'vouches for nobody with the access key id %j',
  async (accessKeyId) => {
    await expect(whoIs(accessKeyId)).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
      $metadata: { httpStatusCode: 403 },
    });
  },
);

test('lends nobody a role', async () => {
  const RoleArn = 'arn:aws:iam::000000000000:role/deployers';
  const assumed = as('alice', (client) =>
    client.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'mine' })),
  );
  await expect(assumed).rejects.toMatchObject({ name: 'InvalidAction' });
});

test.each([
  ['alice', 'arn:aws:iam::000000000000:user/alice'],
  ['alice.smith@example.com', 'arn:aws:iam::000000000000:user/alice.smith@example.com'],
  ['root', 'arn:aws:iam::000000000000:root'],
  ['role.deployers.session-1', 'arn:aws:sts::000000000000:assumed-role/deployers/session-1'],
  [
    'role.AWSReservedSSO_Operators_0123456789abcdef.bob@example.com',
    'arn:aws:sts::000000000000:assumed-role/AWSReservedSSO_Operators_0123456789abcdef/bob@example.com',
  ],
  ['federated.carol', 'arn:aws:sts::000000000000:federated-user/carol'],
])('the access key id %s is %s', async (accessKeyId, Arn) => {
  expect(await whoIs(accessKeyId)).toMatchObject({ Arn, Account: '000000000000' });
});

test('two people have two ids, two sessions of one role the same one', async () => {
  const idOf = async (accessKeyId: string) => (await whoIs(accessKeyId)).UserId?.split(':')[0];
  expect(await idOf('alice')).not.toBe(await idOf('bob'));
  expect(await idOf('role.deployers.monday')).toBe(await idOf('role.deployers.tuesday'));
});
