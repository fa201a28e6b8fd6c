import type { PipelineDeclaration } from '@aws-sdk/client-codepipeline';
import { afterEach, expect, test } from 'vitest';
import type { KnownBad } from '../../../../../lib/drill/plan/plan.ts';
import type { Target } from '../../../../../lib/ports/target.ts';
import { begunDrill, capturedOf, contextOf, heldAt, knownBadOf, redDrill } from './fixtures/drill.ts';
import { type ReleasedShop, releasedShop } from './fixtures/released-shop.ts';

let shop: ReleasedShop;
let target: Target;

afterEach(() => shop.close());

async function released(more: Partial<PipelineDeclaration> = {}): Promise<void> {
  shop = await releasedShop(more);
  await shop.released();
  target = shop.target();
}

test('a known-bad execution on its way is what the target steers to, before it has come to the stage', async () => {
  await released();
  const context = await heldAt(shop, 'Pull');
  expect(await target.observe(context)).toMatchObject({
    desired: 'known-bad',
    isDeploying: true,
    settled: false,
    settledAt: null,
    knownBadTasksLeft: 0,
    knownBadDeployment: { id: knownBadOf(context), status: 'under-way', failedAt: null, rollback: null },
  });
});

test('in the stage it is under way until its action is done, whatever still runs', async () => {
  await released();
  const beforeDeployment = await heldAt(shop, 'image');
  expect(await target.steering(beforeDeployment)).toMatchObject({ desired: 'known-bad', isDeploying: true });
  shop.hold('ship');
  shop.letGo('image');
  await shop.begun(knownBadOf(beforeDeployment), 'ship');
  expect(await target.observe(beforeDeployment)).toMatchObject({
    desired: 'known-bad',
    isDeploying: true,
    settled: false,
    knownBadTasksLeft: 1,
    knownBadDeployment: { status: 'under-way' },
  });
});

test('the known-bad release has been deployed although its smoke test failed: every failure is told with its time', async () => {
  await released();
  const context = await redDrill(shop);
  const id = knownBadOf(context);
  const state = await target.observe(context);
  expect(state).toMatchObject({
    desired: 'known-bad',
    isDeploying: false,
    settled: true,
    knownBadTasksLeft: 1,
    knownBadDeployment: { id, status: 'successful', failedAt: null, rollback: null },
  });
  const cause = 'JobFailed: status 500';
  expect(state.pipelineFailures.map(({ stage, action, reason }) => ({ stage, action, reason }))).toEqual([
    { stage: 'Smoke', action: 'test', reason: `action Smoke/test of execution ${id} failed: ${cause}` },
    { stage: 'Smoke', action: null, reason: `stage Smoke of execution ${id} failed: action test: ${cause}` },
    { stage: null, action: null, reason: `execution ${id} failed` },
  ]);
  for (const { at } of state.pipelineFailures) expect(at).toMatch(/^20.*\.\d{3}Z$/);
});

test('one that fails in the deploy stage has failed by itself, and still is what the service steers to', async () => {
  await released();
  shop.red.add('ship');
  const context = await begunDrill(target);
  await shop.ended(knownBadOf(context), 'Failed');
  const { knownBadDeployment, desired, pipelineFailures } = await target.observe(context);
  expect(desired).toBe('known-bad');
  expect(knownBadDeployment).toMatchObject({ status: 'stopped', rollback: null });
  expect(knownBadDeployment?.failedAt).toBe(pipelineFailures[0]?.at);
});

test('a rollback of the stage by the drill is its own, from the call on', async () => {
  await released();
  const context = await redDrill(shop);
  shop.hold('ship');
  const { execution } = await target.rollBack('codepipeline-rollback-stage', context);
  const under = await target.observe({ ...context, isAgain: true });
  expect(under).toMatchObject({
    desired: 'last-healthy',
    isDeploying: true,
    settled: false,
    knownBadDeployment: { status: 'rolling-back', rollback: { automatic: false, execution } },
  });
  await shop.begun(execution?.id ?? '', 'ship');
  shop.letGo('ship');
  await shop.ended(execution?.id ?? '', 'Succeeded');
  expect(await target.observe({ ...context, isAgain: true })).toMatchObject({
    desired: 'last-healthy',
    isDeploying: false,
    settled: true,
    knownBadTasksLeft: 0,
    knownBadDeployment: { status: 'rolled-back' },
  });
});

test('a rollback that fails is told as failed', async () => {
  await released();
  const context = await redDrill(shop);
  shop.red.add('ship');
  const { execution } = await target.rollBack('codepipeline-rollback-stage', context);
  await shop.ended(execution?.id ?? '', 'Failed');
  expect((await target.steering(context)).knownBadDeployment?.status).toBe('rollback-failed');
});

test('a redeployment counts once its sources are known, before it has come to the stage', async () => {
  await released();
  const context = await redDrill(shop);
  await shop.disable('Deploy', 'so that it waits');
  const { execution } = await target.rollBack('codepipeline-redeploy', context);
  await shop.through(execution?.id ?? '', 'Source');
  expect(await target.observe(context)).toMatchObject({
    desired: 'last-healthy',
    isDeploying: true,
    settled: false,
    knownBadTasksLeft: 1,
  });
  await shop.enable('Deploy');
  await shop.through(execution?.id ?? '', 'Smoke');
  expect(await target.observe(context)).toMatchObject({
    desired: 'last-healthy',
    isDeploying: false,
    settled: true,
    knownBadDeployment: { status: 'successful', rollback: null },
  });
});

test('the same content under a tag that was moved is still the known-bad release', async () => {
  await released();
  const same: KnownBad = {
    kind: 'pipeline-execution',
    release: 'bad',
    variables: { size: 'huge' },
    sourceRevisions: [],
  };
  const captured = await capturedOf(target, same);
  const begun = await target.deployKnownBad(captured, same, 'drill-1');
  const context = { ...contextOf(captured, begun.deployed), knownBad: same };
  await shop.through(knownBadOf(context), 'Smoke');
  expect(shop.ecs.image()).toBe('shop:v1');
  expect(await target.observe(context)).toMatchObject({ desired: 'known-bad', knownBadTasksLeft: 1 });
});

test('without the id of the known-bad execution it is found by what it was started with', async () => {
  await released();
  const context = await redDrill(shop);
  const state = await target.steering({ ...context, deployed: null });
  expect(state).toMatchObject({ desired: 'known-bad', knownBadDeployment: { id: knownBadOf(context) } });
});
