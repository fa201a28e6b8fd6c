import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PathName } from '../../../../../lib/drill/path.ts';
import type { Target, TargetContext } from '../../../../../lib/ports/target.ts';
import { begunDrill, knownBadOf, redDrill } from './fixtures/drill.ts';
import { type ReleasedShop, releasedShop } from './fixtures/released-shop.ts';

let shop: ReleasedShop;
let healthy: string;
let target: Target;

beforeEach(async () => {
  shop = await releasedShop();
  healthy = await shop.released();
  target = shop.target();
});

afterEach(() => shop.close());

/** The known-bad release runs, and its smoke test went red. */
async function deployed(): Promise<TargetContext> {
  const context = await redDrill(shop);
  shop.changes.length = 0;
  return context;
}

/** The known-bad release does not start: its deploy stage goes on and on. */
async function stuck(action = 'ship'): Promise<TargetContext> {
  shop.hold(action);
  shop.ecs.state.isSlow = true;
  const context = await begunDrill(target);
  await shop.begun(knownBadOf(context), action);
  shop.changes.length = 0;
  return context;
}

function timesOf(operation: string): number {
  return shop.changes.filter((change) => change === operation).length;
}

test('an automatic rollback cannot be called', async () => {
  const context = await deployed();
  await expect(target.rollBack('automatic', context)).rejects.toMatchObject({ name: 'PathNotApplicable' });
  expect(shop.changes).toEqual([]);
});

test('the stage is not rolled back twice when the answer is lost', async () => {
  const context = await deployed();
  shop.mishaps.set('RollbackStage', 'answer-lost');
  await expect(target.rollBack('codepipeline-rollback-stage', context)).rejects.toMatchObject({
    name: 'TransientFault',
  });
  const { execution } = await target.rollBack('codepipeline-rollback-stage', context);
  const [newest] = await shop.executions();
  expect(newest).toMatchObject({ pipelineExecutionId: execution?.id, executionType: 'ROLLBACK' });
  expect(shop.changes).toEqual(['RollbackStage']);
});

test('the last healthy release is not started twice when the answer is lost, nor its source revision left to chance', async () => {
  const context = await deployed();
  shop.mishaps.set('StartPipelineExecution', 'answer-lost');
  await expect(target.rollBack('codepipeline-redeploy', context)).rejects.toMatchObject({
    name: 'TransientFault',
  });
  const { execution } = await target.rollBack('codepipeline-redeploy', context);
  const [newest, ...older] = await shop.executions();
  expect(older.map(({ pipelineExecutionId }) => pipelineExecutionId)).toEqual([knownBadOf(context), healthy]);
  expect(execution).toEqual({
    id: newest?.pipelineExecutionId,
    variables: { image_tag: 'v1', size: 'small' },
    sourceRevisions: [{ action: 'Pull', revision: 'version-1' }],
  });
});

test('nothing is rolled back while the known-bad execution runs the deploy stage: it is stopped first', async () => {
  const context = await stuck();
  const { execution } = await target.rollBack('codepipeline-rollback-stage', context);
  expect(shop.changes).toEqual(['StopPipelineExecution', 'RollbackStage']);
  expect(await shop.statusOf(knownBadOf(context))).toBe('Stopped');
  expect(execution?.variables).toEqual({ image_tag: 'v1', size: 'small' });
});

test('a known-bad execution that has not come to the deploy stage yet never does', async () => {
  const context = await stuck('Pull');
  const { execution } = await target.rollBack('codepipeline-rollback-stage', context);
  expect(shop.changes).toEqual(['StopPipelineExecution', 'RollbackStage']);
  shop.ecs.state.isSlow = false;
  await shop.ended(execution?.id ?? '', 'Succeeded');
  expect(shop.ecs.image()).toBe('shop:v1');
  expect(await shop.statusOf(knownBadOf(context))).toBe('Stopped');
});

test('a stage that does not stop is not rolled back; the next path is for it', async () => {
  const context = await stuck();
  let nowMs = Date.now();
  const clock = {
    now: () => nowMs,
    sleep: async (ms: number) => {
      nowMs += ms;
    },
  };
  shop.mishaps.set('StopPipelineExecution', 'ignored');
  const began = nowMs;
  await expect(shop.target({}, clock).rollBack('codepipeline-rollback-stage', context)).rejects.toMatchObject(
    {
      name: 'PathNotApplicable',
      message: `execution ${knownBadOf(context)} was told to stop and still runs stage Deploy; a stage that runs cannot be rolled back`,
    },
  );
  expect(shop.changes).toEqual(['StopPipelineExecution']);
  expect(nowMs - began).toBeLessThanOrEqual(8_000);
});

test('a known-bad execution that is being tested keeps no rollback waiting, and is stopped beside it', async () => {
  shop.hold('test');
  const context = await begunDrill(target);
  await shop.begun(knownBadOf(context), 'test');
  shop.changes.length = 0;
  shop.mishaps.set('StopPipelineExecution', { refused: 'ConflictException' });
  await target.rollBack('codepipeline-rollback-stage', context);
  expect(shop.changes.toSorted()).toEqual(['RollbackStage', 'StopPipelineExecution']);
  expect(await shop.statusOf(knownBadOf(context))).toBe('InProgress');
  await target.tidyUp(context);
  expect(await shop.statusOf(knownBadOf(context))).toBe('Stopped');
});

test.each([
  ['UnableToRollbackStageException', 'UnableToRollbackStageException'],
  ['PipelineExecutionOutdatedException', 'PipelineExecutionOutdatedException'],
  ['ConflictException', 'TransientFault'],
  ['ThrottlingException', 'TransientFault'],
])('what CodePipeline refuses with %s is told as %s', async (refused, name) => {
  const context = await deployed();
  shop.mishaps.set('RollbackStage', { refused });
  await expect(target.rollBack('codepipeline-rollback-stage', context)).rejects.toMatchObject({ name });
});

test('a pipeline that was changed at the last moment cannot be rolled back; it can be redeployed, and its service goes back', async () => {
  const context = await deployed();
  await shop.change({
    variables: [
      { name: 'image_tag', defaultValue: 'v1' },
      { name: 'size', defaultValue: 'big' },
    ],
  });
  await expect(target.rollBack('codepipeline-rollback-stage', context)).rejects.toMatchObject({
    name: expect.stringMatching(/^(PipelineExecutionOutdated|UnableToRollbackStage)Exception$/),
  });
  await target.rollBack('ecs-previous-task-definition', context);
  expect(shop.ecs.image()).toBe('shop:v1');
  const { execution } = await target.rollBack('codepipeline-redeploy', context);
  await shop.through(execution?.id ?? '', 'Smoke');
  expect(shop.ecs.image()).toBe('shop:v1');
});

test.each<PathName>(['codepipeline-redeploy', 'ecs-previous-task-definition'])(
  'a rollback that was given up is stopped before %s',
  async (path) => {
    const context = await deployed();
    shop.hold('ship');
    const { execution } = await target.rollBack('codepipeline-rollback-stage', context);
    await shop.begun(execution?.id ?? '', 'ship');
    await target.rollBack(path, { ...context, isAgain: true });
    expect(await shop.statusOf(execution?.id ?? '')).toBe('Stopped');
    expect(timesOf('RollbackStage')).toBe(1);
  },
);

test('the service’s own deployment is stopped only while it is under way, after the execution that made it', async () => {
  const context = await stuck();
  await target.rollBack('ecs-stop-deployment', context);
  expect(shop.changes).toEqual(['StopPipelineExecution', 'StopServiceDeployment']);
  expect(shop.ecs.image()).toBe('shop:v1');
  shop.ecs.complete();
  await expect(target.rollBack('ecs-stop-deployment', context)).rejects.toMatchObject({
    name: 'PathNotApplicable',
  });
});

test('without a deployment of the known-bad execution there is none to stop', async () => {
  const context = await stuck('Pull');
  await expect(target.rollBack('ecs-stop-deployment', context)).rejects.toMatchObject({
    name: 'PathNotApplicable',
    message: 'the known-bad execution has made no deployment of the service',
  });
});

test('the commands for people stop the known-bad execution first', async () => {
  const context = await deployed();
  expect(target.rollbackCommand('codepipeline-rollback-stage', context)).toBe(
    `aws codepipeline stop-pipeline-execution --pipeline-name shop --pipeline-execution-id ${knownBadOf(context)} --abandon; ` +
      `aws codepipeline rollback-stage --pipeline-name shop --stage-name Deploy --target-pipeline-execution-id ${healthy}`,
  );
  expect(target.rollbackCommand('automatic', context)).toBe('# the target rolls itself back');
});
