import {
  CreateSecretCommand,
  DeleteSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { awsSecretVersions, type SecretVersions } from '../../../../lib/adapters/aws/secret-versions.ts';
import { startSecretsManager } from '../../../../sandbox/secretsmanager/service.ts';
import { startSsm } from '../../../../sandbox/ssm/service.ts';
import { type Served, serve } from '../../../sandbox/fixtures/served.ts';

const SSM = 'arn:aws:ssm:us-east-1:000000000000:parameter';
const asked: string[] = [];
let served: Served;
let secrets: SecretsManagerClient;
let ssm: SSMClient;
let versions: SecretVersions;

beforeEach(async () => {
  served = await serve((directory) => ({
    secretsmanager: startSecretsManager({ directory }).endpoint,
    ssm: startSsm({ directory }).endpoint,
  }));
  secrets = new SecretsManagerClient(served.configuration);
  ssm = new SSMClient(served.configuration);
  asked.length = 0;
  versions = awsSecretVersions({
    secretsManagerIn: (region) => {
      asked.push(`secrets in ${region}`);
      return secrets;
    },
    ssmIn: (region) => {
      asked.push(`parameters in ${region}`);
      return ssm;
    },
  });
});

afterEach(() => {
  for (const client of [secrets, ssm]) client.destroy();
  return served.close();
});

test('a secret has another version as soon as somebody puts another value, and none once it is deleted', async () => {
  const { ARN = '', VersionId } = await secrets.send(
    new CreateSecretCommand({ Name: 'shop/mail-key', SecretString: 'first' }),
  );
  expect(await versions(ARN)).toBe(VersionId);
  expect(await versions(`${ARN}:key::`)).toBe(VersionId);
  const put = await secrets.send(new PutSecretValueCommand({ SecretId: ARN, SecretString: 'second' }));
  expect(await versions(ARN)).toBe(put.VersionId);
  expect(await versions(`${ARN}:key:AWSPREVIOUS:`)).toBe(VersionId);
  expect(await versions(`${ARN}:key:ANOTHER:`)).toBe('none: no version is ANOTHER');
  await secrets.send(new DeleteSecretCommand({ SecretId: ARN }));
  expect(await versions(ARN)).toBe('none: it is deleted');
});

test('a version that is written out is what a task gets, whatever is current', async () => {
  const arn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:absent-AbCdEf';
  expect(await versions(`${arn}:key::0123`)).toBe('0123');
  expect(await versions(`${SSM}/absent:3`)).toBe('3');
  expect(await versions('absent:3')).toBe('3');
});

test('what is not there has no version, and what cannot be read is thrown', async () => {
  expect(await versions('arn:aws:secretsmanager:us-east-1:000000000000:secret:absent-AbCdEf')).toBe(
    'none: it is not there',
  );
  expect(await versions('/absent')).toBe('none: it is not there');
  await served.close();
  await expect(versions('/absent')).rejects.toThrow();
});

test('a parameter has another version as soon as it is overwritten, by its name and by its ARN', async () => {
  for (const Name of ['/shop/level', 'plain', '/slash'])
    await ssm.send(new PutParameterCommand({ Name, Value: 'info', Type: 'String' }));
  expect(await versions('/shop/level')).toBe('1');
  await ssm.send(new PutParameterCommand({ Name: '/shop/level', Value: 'debug', Overwrite: true }));
  expect(await versions('/shop/level')).toBe('2');
  expect(await versions(`${SSM}/shop/level`)).toBe('2');
  expect(await versions(`${SSM}/plain`)).toBe('1');
  expect(await versions(`${SSM}/slash`)).toBe('1');
});

test('the Region is that of the ARN; a name is of the own one', async () => {
  await versions('arn:aws:ssm:eu-west-1:000000000000:parameter/absent');
  await versions('arn:aws:secretsmanager:eu-west-1:000000000000:secret:absent-AbCdEf');
  await versions('absent');
  await versions('absent');
  expect(asked).toEqual(['parameters in eu-west-1', 'secrets in eu-west-1', 'parameters in undefined']);
});
