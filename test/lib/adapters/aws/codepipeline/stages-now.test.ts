import { DisableStageTransitionCommand } from '@aws-sdk/client-codepipeline';
import { ECSClient } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stagesNow } from '../../../../../lib/adapters/aws/codepipeline/stages-now.ts';
import type { Pipeline } from '../../../../../lib/adapters/aws/codepipeline/target.ts';
import { systemClock } from '../../../../../lib/adapters/clock.ts';
import { type PipelineAccount, pipelineAccount } from '../../../../sandbox/codepipeline/account.ts';
import { action, deploy, smoke, source } from '../../../../sandbox/codepipeline/declarations.ts';
import { until } from '../../../../sandbox/codepipeline/until.ts';

const PROMOTE = { name: 'Promote', actions: [action('Publish', 'Invoke', 'Lambda')] };

let account: PipelineAccount;

beforeEach(async () => {
  account = await pipelineAccount();
});

afterEach(() => account.close());

function pipeline(more: Partial<Pipeline['target']> = {}): Pipeline {
  const target: Pipeline['target'] = {
    kind: 'codepipeline',
    pipeline: 'shop',
    stage: 'Deploy',
    disableTransitions: [],
    ...more,
  };
  return { codePipeline: account.client, ecs: new ECSClient({}), clock: systemClock, target };
}

test('what waits before a stage has not entered it, and the stages before the deploy stage do not count', async () => {
  const healthy = await account.createReleased({ stages: [source(), deploy(), smoke(), PROMOTE] });
  const promote = { pipelineName: 'shop', stageName: 'Promote', transitionType: 'Inbound' } as const;
  await account.client.send(new DisableStageTransitionCommand({ ...promote, reason: 'a drill' }));
  const id = await account.start();
  await until(async () => (await account.stage('Promote')).inboundExecution?.pipelineExecutionId === id);
  expect(await stagesNow(pipeline({ smokeStage: 'Smoke' }))).toEqual([
    { name: 'Deploy', place: 'deploy', latest: { execution: id, status: 'Succeeded' }, waiting: null },
    { name: 'Smoke', place: 'tests', latest: { execution: id, status: 'Succeeded' }, waiting: null },
    {
      name: 'Promote',
      place: 'behind',
      latest: { execution: healthy, status: 'Succeeded' },
      waiting: { execution: id, status: 'InProgress' },
    },
  ]);
});

test('without a smoke stage, every stage after the deploy stage is behind it', async () => {
  await account.createReleased();
  expect((await stagesNow(pipeline())).map(({ name, place }) => [name, place])).toEqual([
    ['Deploy', 'deploy'],
    ['Smoke', 'behind'],
  ]);
});

test('a pipeline that has lost its deploy stage tells of none', async () => {
  await account.createReleased();
  expect(await stagesNow(pipeline({ stage: 'Ship' }))).toEqual([]);
});
