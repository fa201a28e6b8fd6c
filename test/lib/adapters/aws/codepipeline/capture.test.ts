import type { PipelineDeclaration } from '@aws-sdk/client-codepipeline';
import { afterEach, expect, test } from 'vitest';
import type { KnownBad } from '../../../../../lib/drill/plan/plan.ts';
import type { Target } from '../../../../../lib/ports/target.ts';
import { BAD, capturedOf, PATHS, refusalOf } from './fixtures/drill.ts';
import { deploy, invoke, pipeline, source } from './fixtures/pipeline.ts';
import { type ReleasedShop, releasedShop } from './fixtures/released-shop.ts';

let shop: ReleasedShop;

afterEach(() => shop.close());

async function released(more: Partial<PipelineDeclaration> = {}): Promise<string> {
  shop = await releasedShop(more);
  return shop.released();
}

/** Whatever refuses, nothing was touched. */
async function refusal(target: Target, knownBad?: KnownBad): Promise<string> {
  const before = shop.changes.length;
  const reason = await refusalOf(target, knownBad);
  expect(shop.changes.slice(before)).toEqual([]);
  return reason;
}

function releaseOnce(): string {
  return 'Release once through it: aws codepipeline start-pipeline-execution --name shop';
}

test('a pipeline that is not there', async () => {
  shop = await releasedShop();
  const reason = await refusal(shop.target({ pipeline: 'other' }));
  expect(reason).toBe('pipeline-exists: pipeline other is not there; the plan names it as its target');
});

test('a pipeline of type V1', async () => {
  const { variables: _, executionMode: __, ...v1 } = pipeline();
  shop = await releasedShop();
  const ship = deploy().actions?.filter(({ name }) => name === 'ship');
  const stages = [
    source(),
    { name: 'Deploy', actions: ship },
    invoke('Smoke', 'test'),
    invoke('Prod', 'tell'),
  ];
  await shop.remake({ ...v1, stages, pipelineType: 'V1' });
  expect(await refusal(shop.target())).toBe(
    `pipeline-type: the pipeline is of type V1; only stages of type V2 can be rolled back. Set pipelineType to V2 (aws codepipeline update-pipeline). ${releaseOnce()}`,
  );
});

test('a pipeline in PARALLEL mode, and not one in QUEUED mode', async () => {
  shop = await releasedShop({ executionMode: 'PARALLEL' });
  expect(await refusal(shop.target())).toBe(
    `pipeline-mode: the pipeline runs in PARALLEL mode; allowed are SUPERSEDED and QUEUED: in PARALLEL mode no stage can be rolled back. Set executionMode to one of them (aws codepipeline update-pipeline). ${releaseOnce()}`,
  );
  await shop.close();
  const id = await released({ executionMode: 'QUEUED' });
  expect((await capturedOf(shop.target())).lastHealthy.execution?.id).toBe(id);
});

test.each([
  [{ stage: 'Ship' }, 'there is no stage Ship'],
  [{ stage: 'Source' }, 'stage Source is the source stage, which cannot be rolled back'],
  [
    { stage: 'Smoke' },
    'stage Smoke deploys to 0 ECS services (); allowed is 1. Name it in the plan as target.codepipeline.ecs',
  ],
  [{ smokeStage: 'Test' }, 'there is no stage Test, in which the plan wants a release to be tested'],
  [{ smokeStage: 'Source' }, 'stage Source, which tests what was deployed, must be behind Deploy'],
  [
    { disableTransitions: ['Later'] },
    'the transition into Later cannot be disabled; allowed are stages behind Smoke',
  ],
  [
    { ecs: { cluster: 'demo', service: 'cart' } },
    'stage Deploy deploys to demo/shop; the plan says demo/cart',
  ],
])('stages that are not as the plan says: %j', async (target, wrong) => {
  shop = await releasedShop();
  const found = 'the pipeline has the stages Source → Deploy → Smoke → Prod';
  expect(await refusal(shop.target(target))).toBe(`pipeline-stages: ${wrong}; ${found}`);
});

test('an execution under way, wherever it is', async () => {
  const first = await released();
  shop.hold('announce');
  const id = await shop.start();
  await shop.begun(id, 'announce');
  expect(await refusal(shop.target())).toBe(
    `no-execution-under-way: 1 executions of the pipeline are under way (${id}); 0 are allowed. Wait for them, or stop them: aws codepipeline stop-pipeline-execution --pipeline-name shop --pipeline-execution-id ${id}`,
  );
  shop.letGo('announce');
  await shop.ended(id, 'Succeeded');
  expect((await capturedOf(shop.target())).lastHealthy.execution?.id).not.toBe(first);
});

test('a transition on the way to the smoke stage that somebody has disabled', async () => {
  await released();
  await shop.disable('Smoke', 'frozen by Ann');
  expect(await refusal(shop.target())).toBe(
    'transitions-enabled: transitions are disabled into Smoke ("frozen by Ann"; aws codepipeline enable-stage-transition --pipeline-name shop --stage-name Smoke --transition-type Inbound); up to stage Smoke all must be enabled',
  );
  await shop.enable('Smoke');
  await shop.disable('Prod', 'frozen by Ann');
  expect((await capturedOf(shop.target())).pipeline?.transitions).toEqual([
    { stage: 'Prod', enabled: false },
  ]);
});

test('a service that is not at rest', async () => {
  await released();
  shop.ecs.state.isSlow = true;
  shop.ecs.deploy(shop.ecs.register('shop:v1'));
  expect(await refusal(shop.target())).toMatch(/^no-deployment-under-way: /);
  shop.ecs.complete();
  shop.ecs.state.desiredCount = 0;
  expect(await refusal(shop.target())).toMatch(/^target-has-tasks: /);
  shop.ecs.state.isGone = true;
  expect(await refusal(shop.target())).toMatch(/^target-exists: service shop in cluster demo is not there/);
});

test('no execution has ever succeeded', async () => {
  await released();
  shop.red.add('image');
  await shop.remake(pipeline());
  const [first] = await shop.executions();
  await shop.ended(first?.pipelineExecutionId ?? '', 'Failed');
  expect(await refusal(shop.target())).toMatch(/^deployed-by-pipeline: what runs was registered at 20/);
  shop.red.clear();
  shop.red.add('test');
  const second = await shop.start();
  await shop.ended(second, 'Failed');
  expect(await refusal(shop.target())).toMatch(
    new RegExp(`^succeeded-in-every-stage: execution ${second} .* ${releaseOnce()}$`),
  );
});

test('what runs was deployed past the pipeline', async () => {
  await released();
  shop.ecs.deploy(shop.ecs.register('shop:by-hand'));
  expect(await refusal(shop.target())).toMatch(
    new RegExp(
      `^deployed-by-pipeline: what runs was registered at 20.*Z, not by an execution in stage Deploy; it must have been deployed through the pipeline. ${releaseOnce()}$`,
    ),
  );
});

test('a pipeline that was changed since what runs went through it', async () => {
  const id = await released();
  await shop.change({ stages: [source(), deploy(), invoke('Smoke', 'test'), invoke('Prod', 'tell')] });
  const { captured, checks } = await shop.target().capture(BAD, PATHS);
  const refused = checks
    .filter(({ verdict }) => verdict === 'refused')
    .map(({ name, reason }) => [name, reason]);
  expect(captured).toBeNull();
  expect(refused).toEqual([
    [
      'pipeline-unchanged',
      `the pipeline was changed since execution ${id} (version 1 → 2), which ends every way back through it; allowed is the same version. ${releaseOnce()}`,
    ],
    ['rollback-target', expect.stringContaining(`does not tell execution ${id} among those`)],
  ]);
  const again = await shop.release('v2');
  expect((await capturedOf(shop.target())).lastHealthy.execution?.id).toBe(again);
});

test('what runs never got through the smoke stage', async () => {
  await released();
  shop.red.add('test');
  const id = await shop.start({ image_tag: 'v2' });
  await shop.ended(id, 'Failed');
  expect(await refusal(shop.target())).toBe(
    `succeeded-in-every-stage: execution ${id} succeeded in 3 of 4 actions up to stage Smoke (Smoke/test Failed); allowed is an execution that succeeded in all of them. ${releaseOnce()}`,
  );
  expect((await capturedOf(shop.target({ smokeStage: 'Deploy' }))).lastHealthy.execution?.id).toBe(id);
});

test('what runs is itself the known-bad release', async () => {
  await released();
  const id = await shop.release('bad');
  expect(await refusal(shop.target())).toBe(
    `known-bad-release: execution ${id}, which is what runs, is itself the known-bad release bad; it must differ. Release a healthy one: aws codepipeline start-pipeline-execution --name shop`,
  );
});

test.each<[KnownBad, string]>([
  [
    { ...BAD, variables: { tag: 'bad' } } as KnownBad,
    'the pipeline declares no variable tag; it declares image_tag, size',
  ],
  [
    {
      ...BAD,
      variables: {},
      sourceRevisions: [{ action: 'Pull', type: 'COMMIT_ID', revision: 'abc' }],
    } as KnownBad,
    'the source stage takes no revision of Pull COMMIT_ID; it takes Pull S3_OBJECT_VERSION_ID',
  ],
  [
    { kind: 'override', release: 'bad', image: 'shop:bad' },
    'bad is no release of a pipeline; give it variables or sourceRevisions',
  ],
])('a known-bad release that the pipeline cannot be started with', async (knownBad, reason) => {
  await released();
  expect(await refusal(shop.target(), knownBad)).toBe(`known-bad-release: ${reason}`);
});

test('what runs is captured with the execution that released it, and every way back by hand', async () => {
  await released();
  const id = await shop.release('v2');
  const { lastHealthy, revision, wayBack, pipeline: found } = await capturedOf(shop.target());
  const running = 'arn:aws:ecs:us-east-1:000000000000:task-definition/shop:2';
  expect(lastHealthy).toEqual({
    taskDefinition: running,
    imageDigest: 'sha256:beef',
    execution: {
      id,
      variables: { image_tag: 'v2', size: 'small' },
      sourceRevisions: [{ action: 'Pull', revision: 'version-1' }],
    },
  });
  const service = 'arn:aws:ecs:us-east-1:000000000000:service-revision/demo/shop/2';
  expect(revision).toBe(`pipeline version 1, execution ${id}, ${service}`);
  expect(found).toEqual({
    version: 1,
    service: { cluster: 'demo', service: 'shop' },
    serviceRevision: service,
    revisionTypes: { Pull: 'S3_OBJECT_VERSION_ID' },
    newestExecution: id,
    transitions: [{ stage: 'Prod', enabled: true }],
  });
  expect(wayBack).toEqual([
    `aws codepipeline rollback-stage --pipeline-name shop --stage-name Deploy --target-pipeline-execution-id ${id}`,
    `aws codepipeline start-pipeline-execution --name shop --variables '[{"name":"image_tag","value":"v2"},{"name":"size","value":"small"}]' --source-revisions '[{"actionName":"Pull","revisionType":"S3_OBJECT_VERSION_ID","revisionValue":"version-1"}]'`,
    `aws ecs stop-service-deployment --service-deployment-arn "$(aws ecs list-service-deployments --cluster demo --service shop --status PENDING IN_PROGRESS --query 'serviceDeployments[0].serviceDeploymentArn' --output text)" --stop-type ROLLBACK`,
    `aws ecs update-service --cluster demo --service shop --task-definition ${running}`,
  ]);
});

test('the pipeline and its service are locked; without a pipeline there is nothing more to lock', async () => {
  shop = await releasedShop();
  expect(await shop.target().resources()).toEqual(['codepipeline:shop', 'ecs:demo/shop']);
  const ecs = { cluster: 'other', service: 'cart' };
  expect(await shop.target({ ecs }).resources()).toEqual(['codepipeline:shop', 'ecs:other/cart']);
  expect(await shop.target({ pipeline: 'gone' }).resources()).toEqual(['codepipeline:gone']);
});
