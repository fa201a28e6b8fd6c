import type { PipelineDeclaration } from '@aws-sdk/client-codepipeline';
import { afterEach, expect, test } from 'vitest';
import { chooseRollback } from '../../../../../lib/drill/path.ts';
import type { Target } from '../../../../../lib/ports/target.ts';
import { begunDrill, heldAt, knownBadOf, PATHS, redDrill } from './fixtures/drill.ts';
import { deploy, invoke, source } from './fixtures/pipeline.ts';
import { type ReleasedShop, releasedShop } from './fixtures/released-shop.ts';

let shop: ReleasedShop;
let healthy: string;
let target: Target;

afterEach(() => shop.close());

async function released(more: Partial<PipelineDeclaration> = {}): Promise<void> {
  shop = await releasedShop(more);
  healthy = await shop.released();
  target = shop.target();
}

test('one that somebody has stopped before the stage has changed nothing', async () => {
  await released();
  const context = await heldAt(shop, 'Pull');
  await shop.stop(knownBadOf(context));
  await shop.ended(knownBadOf(context), 'Stopped');
  const state = await target.observe(context);
  expect(state).toMatchObject({
    desired: 'last-healthy',
    knownBadDeployment: { status: 'stopped', failedAt: null },
  });
  expect(chooseRollback(PATHS, [], state).kind).toBe('overtaken');
});

test('a pipeline that rolls its stage back by itself is not raced', async () => {
  await released({
    stages: [source(), deploy({ result: 'ROLLBACK' }), invoke('Smoke', 'test'), invoke('Prod', 'announce')],
  });
  shop.red.add('ship');
  const context = await begunDrill(target);
  await shop.ended(knownBadOf(context), 'Failed');
  shop.red.delete('ship');
  await shop.automaticRollback();
  const state = await target.steering(context);
  expect(state.knownBadDeployment?.rollback).toMatchObject({
    automatic: true,
    execution: { variables: { image_tag: 'v1', size: 'small' } },
  });
  expect(chooseRollback(PATHS, [], state)).toMatchObject({
    kind: 'adopt',
    execution: { id: state.knownBadDeployment?.rollback?.execution?.id },
  });
});

test('a service that rolls itself back is not raced, although the pipeline has not noticed', async () => {
  await released();
  shop.ecs.state.isSlow = true;
  const context = await heldAt(shop, 'ship');
  shop.ecs.rollItselfBack();
  const state = await target.observe(context);
  expect(state).toMatchObject({
    desired: 'last-healthy',
    settled: false,
    knownBadDeployment: {
      id: knownBadOf(context),
      status: 'rolling-back',
      rollback: { automatic: true, reason: 'the circuit breaker was triggered' },
    },
  });
  expect(chooseRollback(PATHS, [], state).kind).toBe('adopt');
});

test('somebody else’s execution does not count until it is in the stage; then it stands', async () => {
  await released();
  const context = await redDrill(shop);
  shop.hold('Pull');
  const other = await shop.start({ image_tag: 'v2' });
  await shop.begun(other, 'Pull');
  expect((await target.steering(context)).desired).toBe('known-bad');
  shop.hold('image');
  shop.letGo('Pull');
  await shop.begun(other, 'image');
  expect(await target.steering(context)).toMatchObject({ desired: 'other', isDeploying: true });
  shop.letGo('image');
  await shop.through(other, 'Deploy');
  const state = await target.steering(context);
  expect(state.desired).toBe('other');
  expect(chooseRollback(PATHS, [], state).kind).toBe('overtaken');
});

test('a deployment past the pipeline is somebody else’s', async () => {
  await released();
  const context = await redDrill(shop);
  shop.ecs.deploy(shop.ecs.register('shop:by-hand'));
  expect((await target.steering(context)).desired).toBe('other');
});

test('somebody who rolls back by hand is not taken for the target itself', async () => {
  await released();
  const v2 = await shop.release('v2');
  const context = await redDrill(shop);
  const rollback = await shop.rollBackTo(healthy);
  await shop.ended(rollback, 'Succeeded');
  expect(await target.steering(context)).toMatchObject({
    desired: 'other',
    knownBadDeployment: { status: 'rolled-back', rollback: { automatic: false } },
  });
  await shop.ended(await shop.rollBackTo(v2), 'Succeeded');
  const state = await target.steering(context);
  expect(state).toMatchObject({ desired: 'last-healthy' });
  expect(chooseRollback(PATHS, [], state).kind).toBe('overtaken');
});

test('what an abandoned action deploys late is noticed', async () => {
  await released();
  const context = await heldAt(shop, 'ship');
  await target.rollBack('ecs-previous-task-definition', context);
  expect((await target.observe({ ...context, isAgain: true })).desired).toBe('last-healthy');
  shop.ecs.deploy(shop.ecs.register('shop:bad'));
  expect(await target.observe({ ...context, isAgain: true })).toMatchObject({
    desired: 'known-bad',
    knownBadTasksLeft: 1,
  });
});

test('a rollback that came into the stage between two reads is not taken for somebody else’s', async () => {
  await released();
  const context = await redDrill(shop);
  await target.steering(context);
  shop.hold('image');
  const { execution } = await target.rollBack('codepipeline-rollback-stage', context);
  await shop.begun(execution?.id ?? '', 'image');
  shop.mishaps.set('ListPipelineExecutions', 'stale');
  expect(await target.steering(context)).toMatchObject({ desired: 'last-healthy' });
});

test('a known-bad release that was deployed between two reads is not taken for somebody else’s', async () => {
  await released();
  const context = await heldAt(shop, 'Pull');
  await target.steering(context);
  shop.hold('ship');
  shop.letGo('Pull');
  await shop.begun(knownBadOf(context), 'ship');
  shop.mishaps.set('ListActionExecutions', 'stale');
  expect(await target.steering(context)).toMatchObject({ desired: 'known-bad' });
});
