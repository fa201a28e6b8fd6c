import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PathName } from '../../../../../lib/drill/path.ts';
import { BAD, begunDrill, capturedOf, refusalOf } from './fixtures/drill.ts';
import { deploy, invoke, source } from './fixtures/pipeline.ts';
import { type ReleasedShop, releasedShop } from './fixtures/released-shop.ts';

let shop: ReleasedShop;
let first: string;

beforeEach(async () => {
  shop = await releasedShop();
  first = await shop.released();
});

afterEach(() => shop.close());

/** One whole drill; answers what it went back to, and its known-bad execution. */
async function drill(path: PathName): Promise<{ readonly healthy: string; readonly knownBad: string }> {
  const target = shop.target();
  shop.red.add('test');
  const context = await begunDrill(target, `drill-${crypto.randomUUID()}`);
  const knownBad = context.deployed?.deployment ?? '';
  await shop.ended(knownBad, 'Failed');
  expect(shop.ecs.image()).toBe('shop:bad');
  shop.red.delete('test');
  const { execution } = await target.rollBack(path, context);
  if (execution) await shop.through(execution.id, path === 'codepipeline-redeploy' ? 'Smoke' : 'Deploy');
  expect(shop.ecs.image()).toBe('shop:v1');
  expect(await target.observe({ ...context, isAgain: true })).toMatchObject({
    desired: 'last-healthy',
    settled: true,
    knownBadTasksLeft: 0,
  });
  await target.tidyUp(context);
  // A redeployment goes on into the stages behind.
  if (execution) await shop.ended(execution.id, 'Succeeded');
  return { healthy: context.captured.lastHealthy.execution?.id ?? '', knownBad };
}

test('no drill goes back to a known-bad execution or to a rollback, whatever the drills before it did', async () => {
  const paths: readonly PathName[] = [
    'codepipeline-rollback-stage',
    'codepipeline-rollback-stage',
    'ecs-previous-task-definition',
    'codepipeline-rollback-stage',
    'ecs-previous-task-definition',
  ];
  const drills: Awaited<ReturnType<typeof drill>>[] = [];
  for (const path of paths) drills.push(await drill(path));
  expect(drills.map(({ healthy }) => healthy)).toEqual(paths.map(() => first));
  expect(new Set(drills.map(({ knownBad }) => knownBad)).size).toBe(paths.length);
});

test('after a redeployment the execution that it was is the way back', async () => {
  await drill('codepipeline-redeploy');
  const [redeployed] = await shop.executions();
  const { healthy } = await drill('codepipeline-rollback-stage');
  expect(healthy).toBe(redeployed?.pipelineExecutionId);
  expect(healthy).not.toBe(first);
});

test('a stage that would roll itself back to the known-bad execution of an earlier drill refuses, until the healthy one is released again', async () => {
  await shop.close();
  shop = await releasedShop({
    stages: [source(), deploy({ result: 'ROLLBACK' }), invoke('Smoke', 'test'), invoke('Prod', 'announce')],
  });
  first = await shop.released();
  const { knownBad } = await drill('codepipeline-rollback-stage');
  const command =
    'aws codepipeline start-pipeline-execution --name shop --variables \'[{"name":"image_tag","value":"v1"},{"name":"size","value":"small"}]\'';
  expect(await refusalOf(shop.target())).toContain(
    `automatic-rollback: stage Deploy rolls itself back to execution ${knownBad}, the last that got through it; it must be ${first}, which is what runs. Release it again: ${command}`,
  );
  const again = await shop.release('v1');
  expect((await capturedOf(shop.target())).lastHealthy.execution?.id).toBe(again);
  // A redeployment is a release, too.
  await drill('codepipeline-redeploy');
  await drill('codepipeline-redeploy');
});

test('a drill says that it may leave a stage that rolls itself back to its known-bad release, unless a release answers it', async () => {
  const stages = [source(), deploy({ result: 'ROLLBACK' }), invoke('Smoke', 'test')];
  await shop.close();
  shop = await releasedShop({ stages });
  await shop.released();
  const target = shop.target({ disableTransitions: [] });
  const facts = async (...paths: readonly PathName[]) => (await target.capture(BAD, paths)).facts;
  expect((await facts('codepipeline-redeploy'))?.selfRollback).toBeNull();
  expect((await facts('automatic', 'codepipeline-rollback-stage'))?.selfRollback).toMatchObject({
    stage: 'Deploy',
    release: expect.stringContaining('start-pipeline-execution'),
  });
});

test('a known-bad release that was left running refuses the next drill', async () => {
  const { deployed } = await begunDrill(shop.target());
  const id = deployed?.deployment ?? '';
  await shop.enable('Prod');
  await shop.ended(id, 'Succeeded');
  expect(await refusalOf(shop.target())).toMatch(
    new RegExp(`^known-bad-release: execution ${id}, which is what runs, is itself the known-bad release`),
  );
});

test('somebody who releases after the drills is the last healthy release of the next one', async () => {
  await drill('codepipeline-rollback-stage');
  const id = await shop.release('v2');
  expect((await capturedOf(shop.target())).lastHealthy.execution?.id).toBe(id);
});

test('a service whose task definition an older execution registered goes back to that one', async () => {
  const old = (await capturedOf(shop.target())).lastHealthy.taskDefinition;
  await shop.release('v2');
  shop.ecs.deploy(old);
  expect((await capturedOf(shop.target())).lastHealthy.execution?.id).toBe(first);
});
