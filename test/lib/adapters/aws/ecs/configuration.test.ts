import { RegisterTaskDefinitionCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { configurationOf } from '../../../../../lib/adapters/aws/ecs/configuration.ts';
import { systemClock } from '../../../../../lib/adapters/clock.ts';
import type { ImageFound } from '../../../../../lib/drill/guardrails/images.ts';
import { before, validatedDrill } from '../../../../fixtures/validated-drill.ts';
import {
  type Account,
  CLUSTER,
  createService,
  openAccount,
  register,
  SERVICE,
  untilCompleted,
} from '../../../../sandbox/ecs/fixtures/account.ts';

const REFERENCE = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:mail-key-AbCdEf';
const SECRET = 'a-password-that-nobody-may-see';

let account: Account;
let found: unknown;
let tag: ImageFound;
let version: string | Error;

beforeAll(async () => {
  account = await openAccount({}, () => SECRET);
  await register(account.client, 'ok', {
    environment: [{ name: 'PASSWORD', value: SECRET }],
    secrets: [{ name: 'KEY', valueFrom: REFERENCE }],
  });
  await createService(account.client, { desiredCount: 1 });
  await untilCompleted(account.client);
});

afterAll(() => account[Symbol.asyncDispose]());

beforeEach(async () => {
  tag = { kind: 'there', digest: 'sha256:ok' };
  version = 'version-1';
  found = await measured();
});

function validator() {
  const target = { ecs: account.client, clock: systemClock, cluster: CLUSTER, service: SERVICE };
  return configurationOf({
    clock: systemClock,
    service: () => target,
    images: async () => tag,
    async versions() {
      if (version instanceof Error) throw version;
      return version;
    },
  });
}

function measured(options = 'required: true') {
  const { drill, validation } = validatedDrill('configuration', options);
  return validator().before?.(validation, drill, AbortSignal.timeout(5_000));
}

function judged(options = 'timeout: 1s', kept = found) {
  const { drill, validation } = validatedDrill('configuration', options, [before(kept)]);
  return validator().judge(validation, drill, AbortSignal.timeout(5_000));
}

function update(input: Partial<ConstructorParameters<typeof UpdateServiceCommand>[0]>): Promise<unknown> {
  return account.client.send(new UpdateServiceCommand({ cluster: CLUSTER, service: SERVICE, ...input }));
}

test('what cannot be compared refuses the drill, unless it may differ', async () => {
  version = 'none: it is not there';
  await expect(measured()).rejects.toThrow(
    `version of ${REFERENCE} cannot be compared: none: it is not there. Set it right, or except secrets`,
  );
  await expect(measured('except: [secrets]')).resolves.toBeDefined();
  version = 'version-1';
  tag = { kind: 'not-asked', registry: 'docker.io' };
  await expect(measured()).rejects.toThrow(
    'what the tag web:ok names cannot be compared: docker.io cannot be asked. Set it right, or except image-tags',
  );
});

test('nothing that may be secret is kept or told', async () => {
  expect(JSON.stringify(found)).not.toContain(SECRET);
  expect(JSON.stringify(await judged())).not.toContain(SECRET);
});

test('as before, with everything that was compared', async () => {
  expect(await judged()).toMatchObject({
    verdict: 'passed',
    reason: expect.stringMatching(/^(\d+) of \1 settings are as before$/),
    evidence: expect.arrayContaining([
      'task definition: web:1',
      'desired count: 1',
      'image of container web: sha256:ok',
      'what the tag web:ok names: sha256:ok',
      `version of ${REFERENCE}: version-1`,
      expect.stringMatching(/^deployment configuration maximumPercent: 200$/),
      expect.stringMatching(/^target group arn:.*: web:80$/),
    ]),
  });
});

test('a tag that was moved fails, although what runs is still the same', async () => {
  tag = { kind: 'there', digest: 'sha256:other' };
  expect(await judged()).toMatchObject({
    verdict: 'failed',
    reason: 'what the tag web:ok names sha256:ok before, sha256:other now',
  });
});

test('a secret that was moved fails, one that cannot be read is unknown', async () => {
  version = 'version-2';
  expect(await judged()).toMatchObject({
    verdict: 'failed',
    reason: `version of ${REFERENCE} version-1 before, version-2 now`,
  });
  version = Object.assign(new Error(), { name: 'AccessDeniedException' });
  expect(await judged()).toMatchObject({
    verdict: 'unknown',
    reason: `version of ${REFERENCE} cannot be read: AccessDeniedException`,
  });
});

test('what was measured in another form is unknown', async () => {
  expect(await judged('timeout: 1s', { taskDefinition: 4 })).toMatchObject({
    verdict: 'unknown',
    reason: 'the configuration was not measured before the drill',
  });
});

test('another count and other percentages fail, each by its name', async () => {
  const percentages = { maximumPercent: 150, minimumHealthyPercent: 50 };
  await update({ desiredCount: 2, deploymentConfiguration: percentages });
  const { verdict, reason } = await judged();
  expect(verdict).toBe('failed');
  expect(reason.split('; ').toSorted()).toEqual([
    'deployment configuration maximumPercent 200 before, 150 now',
    'deployment configuration minimumHealthyPercent 100 before, 50 now',
    'desired count 1 before, 2 now',
  ]);
  expect((await judged('except: [desired-count, deployment-configuration]')).verdict).toBe('passed');
});

test('another task definition fails with the names of what it changes, and no value', async () => {
  const definition = {
    name: 'web',
    image: 'web:ok',
    portMappings: [{ containerPort: 80 }],
    environment: [{ name: 'PASSWORD', value: 'another-password' }],
  };
  await account.client.send(
    new RegisterTaskDefinitionCommand({ family: 'web', containerDefinitions: [definition] }),
  );
  await update({ taskDefinition: 'web:2' });
  const { verdict, reason } = await judged();
  expect(verdict).toBe('failed');
  expect(reason.split('; ').toSorted()).toEqual([
    'KEY in the secrets of container web was removed',
    'PASSWORD in the environment of container web was changed',
    'task definition web:1 before, web:2 now',
    `version of ${REFERENCE} version-1 before, gone now`,
  ]);
});
