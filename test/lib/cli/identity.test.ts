import { userInfo } from 'node:os';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { callerOf } from '../../../lib/cli/identity.ts';
import type { Vouched } from '../../../lib/drill/people/identity.ts';
import { type Directory, directory } from './fixtures/records.ts';
import { Pipe } from './fixtures/screen.ts';
import { standing } from './fixtures/standing.ts';

let here: Directory;
let sandbox: AsyncDisposable;

beforeAll(async () => {
  here = await directory();
  sandbox = await standing(here.path);
});

afterAll(async () => {
  await sandbox[Symbol.asyncDispose]();
  await here[Symbol.asyncDispose]();
});

test.each([
  ['the key of a real account', 'AKIAIOSFODNN7EXAMPLE'],
  ['the key that the sandbox gives to everybody', 'sandbox'],
])('%s is nobody’s name: the user of the operating system calls', async (_, key) => {
  const { username } = userInfo();
  expect(await calls({ AWS_ACCESS_KEY_ID: key })).toMatchObject({
    identity: { arn: expect.stringMatching(new RegExp(`(user/|:)${username}$`)) },
  });
});

test('the key in the environment is a name', async () => {
  expect(await calls({ AWS_ACCESS_KEY_ID: 'alice' })).toMatchObject({ identity: { name: 'user/alice' } });
});

test('--as stands above it', async () => {
  expect(await calls({ AWS_ACCESS_KEY_ID: 'alice' }, 'bob')).toMatchObject({
    identity: { name: 'user/bob' },
  });
});

test('when STS does not answer, nobody is vouched for, and nothing breaks', async () => {
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:9');
  expect(await calls({}, 'bob')).toMatchObject({ kind: 'refused', arn: 'an unknown caller' });
  vi.unstubAllEnvs();
});

function calls(environment: Readonly<Record<string, string>>, as?: string): Promise<Vouched> {
  const context = { out: new Pipe(), err: new Pipe(), directory: here.path, environment };
  return callerOf(context, { values: as === undefined ? {} : { as } });
}
