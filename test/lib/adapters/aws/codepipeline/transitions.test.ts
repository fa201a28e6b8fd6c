import { afterEach, beforeEach, expect, test } from 'vitest';
import type { KnownBad } from '../../../../../lib/drill/plan/plan.ts';
import type { Target } from '../../../../../lib/ports/target.ts';
import { BAD, begunDrill, capturedOf, contextOf } from './fixtures/drill.ts';
import { type ReleasedShop, releasedShop } from './fixtures/released-shop.ts';

let shop: ReleasedShop;
let target: Target;

beforeEach(async () => {
  shop = await releasedShop();
  await shop.released();
  target = shop.target();
});

afterEach(() => shop.close());

test('nothing flows into the stages behind before they are closed, nor when the drill tidies up', async () => {
  shop.changes.length = 0;
  const context = await begunDrill(target, 'shop_drill:1');
  expect(shop.changes).toEqual(['DisableStageTransition', 'StartPipelineExecution']);
  expect(await shop.disabled()).toEqual({ Prod: 'Rollback drill shop-drill-1' });
  const id = context.deployed?.deployment ?? '';
  await shop.through(id, 'Smoke');
  await target.tidyUp(context);
  expect(await shop.disabled()).toEqual({});
  expect(await shop.statusOf(id)).toBe('Stopped');
  expect(shop.began(id)).not.toContain('announce');
});

test('what somebody else has disabled stays disabled, with their reason', async () => {
  await shop.disable('Prod', 'frozen by Ann');
  const context = await begunDrill(target);
  expect(await shop.disabled()).toEqual({ Prod: 'frozen by Ann' });
  await target.tidyUp(context);
  expect(await shop.disabled()).toEqual({ Prod: 'frozen by Ann' });
});

test('what somebody disables during the drill stays disabled', async () => {
  const context = await begunDrill(target);
  await shop.disable('Prod', 'frozen by Ann');
  await target.tidyUp(context);
  expect(await shop.disabled()).toEqual({ Prod: 'frozen by Ann' });
});

test('transitions are left as they are while the known-bad execution does not stop; the commands are told', async () => {
  const context = await begunDrill(target);
  const id = context.deployed?.deployment ?? '';
  await shop.through(id, 'Smoke');
  shop.mishaps.set('StopPipelineExecution', 'ignored');
  let nowMs = Date.now();
  const clock = {
    now: () => nowMs,
    sleep: async (ms: number) => {
      nowMs += ms;
    },
  };
  await expect(shop.target({}, clock).tidyUp(context)).rejects.toThrow(
    `Do it by hand: aws codepipeline stop-pipeline-execution --pipeline-name shop --pipeline-execution-id ${id} --abandon && ` +
      'aws codepipeline enable-stage-transition --pipeline-name shop --stage-name Prod --transition-type Inbound',
  );
  expect(await shop.disabled()).toMatchObject({ Prod: 'Rollback drill drill-1' });
});

test('a drill whose start was never answered tidies up after the execution that it started', async () => {
  const captured = await capturedOf(target);
  shop.mishaps.set('StartPipelineExecution', 'answer-lost');
  await expect(target.deployKnownBad(captured, BAD, 'drill-1')).rejects.toThrow();
  const [started] = await shop.executions();
  await shop.through(started?.pipelineExecutionId ?? '', 'Smoke');
  await target.tidyUp(contextOf(captured));
  expect(await shop.statusOf(started?.pipelineExecutionId ?? '')).toBe('Stopped');
  expect(await shop.disabled()).toEqual({});
});

test('the known-bad release is not started twice, whether its first start can be read back or not', async () => {
  const captured = await capturedOf(target);
  shop.hold('Pull');
  shop.mishaps.set('StartPipelineExecution', 'answer-lost');
  await expect(target.deployKnownBad(captured, BAD, 'drill-1')).rejects.toThrow();
  const again = await target.deployKnownBad(captured, BAD, 'drill-1');
  const [started, ...older] = await shop.executions();
  expect(again).toMatchObject({
    acceptedAt: started?.startTime?.toISOString(),
    source: 'api',
    deployed: { deployment: started?.pipelineExecutionId, registered: null },
  });
  expect(older).toHaveLength(1);
  const byRevision: KnownBad = {
    kind: 'pipeline-execution',
    release: 'bad',
    variables: {},
    sourceRevisions: [{ action: 'Pull', type: 'S3_OBJECT_VERSION_ID', revision: 'version-bad' }],
  };
  shop.mishaps.set('StartPipelineExecution', 'answer-lost');
  await expect(target.deployKnownBad(captured, byRevision, 'drill-2')).rejects.toThrow();
  // Its source revision is not told before the source action is done: the token alone says that it is the same.
  const { deployed } = await target.deployKnownBad(captured, byRevision, 'drill-2');
  expect((await shop.executions()).map(({ pipelineExecutionId }) => pipelineExecutionId)).toEqual([
    deployed.deployment,
    ...[started, ...older].map((each) => each?.pipelineExecutionId),
  ]);
});

test('the known-bad release is the last healthy one with what the plan changes', async () => {
  const captured = await capturedOf(target);
  expect(target.deployCommand(captured, BAD)).toBe(
    "aws codepipeline disable-stage-transition --pipeline-name shop --stage-name Prod --transition-type Inbound --reason 'Rollback drill' && " +
      `aws codepipeline start-pipeline-execution --name shop --variables '[{"name":"size","value":"small"},{"name":"image_tag","value":"bad"}]' --source-revisions '[{"actionName":"Pull","revisionType":"S3_OBJECT_VERSION_ID","revisionValue":"version-1"}]'`,
  );
  const { deployed } = await target.deployKnownBad(captured, BAD, 'drill-1');
  expect(deployed.release).toEqual({
    taskDefinition: null,
    imageDigest: null,
    execution: {
      id: deployed.deployment,
      variables: { size: 'small', image_tag: 'bad' },
      sourceRevisions: [{ action: 'Pull', revision: 'version-1' }],
    },
  });
});

test('what changes between capture and start refuses', async () => {
  const refusals = async () =>
    (await target.recheck(captured, BAD)).checks
      .filter(({ verdict }) => verdict === 'refused')
      .map(({ name }) => name);
  const captured = await capturedOf(target);
  expect(await refusals()).toEqual([]);
  await shop.disable('Prod', 'frozen by Ann');
  expect(await refusals()).toEqual(['transitions-unchanged']);
  await shop.enable('Prod');
  shop.hold('test');
  const other = await shop.start();
  await shop.begun(other, 'test');
  expect(await refusals()).toEqual(['unchanged', 'no-execution-under-way']);
  shop.letGo('test');
  await shop.ended(other, 'Succeeded');
  expect(await refusals()).toEqual(['unchanged']);
});
