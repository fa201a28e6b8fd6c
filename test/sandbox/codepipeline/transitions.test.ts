import {
  DisableStageTransitionCommand,
  EnableStageTransitionCommand,
  type StageTransitionType,
} from '@aws-sdk/client-codepipeline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type PipelineAccount, pipelineAccount } from './account.ts';
import { until } from './until.ts';

let account: PipelineAccount;

beforeEach(async () => {
  account = await pipelineAccount();
});

afterEach(() => account.close());

const of = (stageName: string, transitionType: StageTransitionType) => {
  return { pipelineName: 'shop', stageName, transitionType };
};
const disable = (stageName: string, type: StageTransitionType = 'Inbound', reason = 'A drill (001).') =>
  account.client.send(new DisableStageTransitionCommand({ ...of(stageName, type), reason }));
const enable = (stageName: string, type: StageTransitionType = 'Inbound') =>
  account.client.send(new EnableStageTransitionCommand(of(stageName, type)));
const isBefore = (id: string, stageName: string) =>
  until(async () => (await account.stage(stageName)).inboundExecution?.pipelineExecutionId === id);

test('nothing goes through a disabled transition, and what waited goes on when it is enabled', async () => {
  await account.createReleased();
  await disable('Smoke');
  const id = await account.start();
  await isBefore(id, 'Smoke');
  expect(await account.stage('Smoke')).toMatchObject({
    inboundExecution: { pipelineExecutionId: id, status: 'InProgress', type: 'STANDARD' },
    inboundTransitionState: {
      enabled: false,
      disabledReason: 'A drill (001).',
      lastChangedBy: 'arn:aws:iam::000000000000:user/sandbox',
      lastChangedAt: expect.any(Date),
    },
  });
  expect((await account.execution(id)).status).toBe('InProgress');
  await enable('Smoke');
  await account.ended(id, 'Succeeded');
  const { inboundTransitionState, inboundExecution } = await account.stage('Smoke');
  expect(inboundTransitionState).toMatchObject({ enabled: true, lastChangedAt: expect.any(Date) });
  expect([inboundTransitionState?.disabledReason, inboundExecution]).toEqual([undefined, undefined]);
});

test('only the newest one waits at a disabled transition, and it can be stopped there', async () => {
  await account.createReleased();
  await disable('Deploy');
  const first = await account.start();
  await isBefore(first, 'Deploy');
  const second = await account.start();
  await account.ended(first, 'Superseded');
  await isBefore(second, 'Deploy');
  await account.stop(second);
  await account.ended(second, 'Stopped');
  await enable('Deploy');
  expect((await account.stage('Deploy')).inboundExecution).toBeUndefined();
});

test('the way out of a stage is the way into the next one', async () => {
  await account.createReleased();
  await disable('Deploy', 'Outbound', 'Not today');
  expect((await account.stage('Smoke')).inboundTransitionState).toMatchObject({
    disabledReason: 'Not today',
  });
  await enable('Smoke');
  await account.ended(await account.start(), 'Succeeded');
});

test('a transition that is not there is refused, and so is a reason that AWS would not take', async () => {
  await account.createReleased();
  await expect(disable('Nowhere')).rejects.toMatchObject({ name: 'StageNotFoundException' });
  await expect(disable('Source')).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(disable('Smoke', 'Outbound')).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(disable('Smoke', 'Inbound', 'a, b')).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(disable('Smoke', 'Inbound', '')).rejects.toMatchObject({ name: 'ValidationException' });
});
