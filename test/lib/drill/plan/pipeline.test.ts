import { describe, expect, test } from 'vitest';
import { parsePlan } from '../../../../lib/drill/plan/plan.ts';
import { changed, errorsOf } from './example.ts';

type Change = readonly [from: string, to: string];

const TARGET = 'ecs: { cluster: main, service: web }';
const RELEASE = "broken: { image: 'registry/web:broken' }";
const CONDITION = 'observedBy: probe\n    condition: smoke failed 3 times running';
const PIPELINE: readonly Change[] = [
  [TARGET, 'codepipeline: { pipeline: web, stage: Deploy }'],
  [RELEASE, 'broken: { variables: { image_tag: broken } }'],
];

/** The example, drilled through a pipeline; the target and the release as they are given. */
function through({ target, release, ...more }: { target?: string; release?: string; condition?: string }) {
  return changed(
    [TARGET, `codepipeline: { ${target ?? 'pipeline: web, stage: Deploy'} }`],
    [RELEASE, `broken: { ${release ?? 'variables: { image_tag: broken }'} }`],
    ...(more.condition
      ? ([[CONDITION, `observedBy: pipeline-event\n    condition: ${more.condition}`]] as const)
      : []),
  );
}

function planOf(text: string) {
  const parsed = parsePlan(text);
  if (parsed.kind === 'invalid') throw new Error(parsed.errors.map(({ message }) => message).join());
  return parsed.plan;
}

const NAME = "must be 1 to 100 letters, digits, '.', '@', '-' or '_'";

describe('refuses', () => {
  test.each<[title: string, target: string, ...errors: string[]]>([
    [
      'a pipeline without its deploy stage',
      'pipeline: web',
      'target.codepipeline.stage (line 7): is missing. Give the deploy stage.',
    ],
    [
      'names that no pipeline and no stage can have',
      'pipeline: a/b, stage: "a b", smokeStage: ""',
      `target.codepipeline.pipeline (line 7): ${NAME}; received "a/b".`,
      `target.codepipeline.stage (line 7): ${NAME}; received "a b".`,
      `target.codepipeline.smokeStage (line 7): ${NAME}; received "".`,
    ],
    [
      'half a service behind the stage',
      'pipeline: web, stage: Deploy, ecs: { cluster: main }',
      'target.codepipeline.ecs.service (line 7): is missing. Give the name of the ECS service.',
    ],
    [
      'to keep the known-bad release out of the stages that it has to enter',
      'pipeline: web, stage: Deploy, smokeStage: Smoke, disableTransitions: [Promote, Smoke, Deploy]',
      'target.codepipeline.disableTransitions[1] (line 7): must be a stage behind the smoke stage; received "Smoke", which the known-bad release has to enter.',
      'target.codepipeline.disableTransitions[2] (line 7): must be a stage behind the smoke stage; received "Deploy", which the known-bad release has to enter.',
    ],
    [
      'to disable a transition twice',
      'pipeline: web, stage: Deploy, disableTransitions: [Promote, Promote]',
      'target.codepipeline.disableTransitions[1] (line 7): must differ from the other stages; received "Promote" again. Remove it.',
    ],
  ])('%s', (_, target, ...errors) => expect(errorsOf(through({ target }))).toEqual(errors));

  test.each<[title: string, release: string, ...errors: string[]]>([
    [
      'a release without any variable',
      'variables: {}',
      'knownBad.releases.broken.variables (line 11): must be a mapping with 1 to 50 variables; received 0.',
    ],
    [
      'a variable without a value, or with a number that YAML may have changed',
      'variables: { image_tag: "", build: 0123 }',
      'knownBad.releases.broken.variables.image_tag (line 11): must be text of 1 to 1000 characters; received "". Write it in quotes.',
      'knownBad.releases.broken.variables.build (line 11): must be text of 1 to 1000 characters; received the number 123. Write it in quotes.',
    ],
    [
      'a variable that no pipeline can declare',
      'variables: { "image tag": x }',
      `knownBad.releases.broken.variables["image tag"] (line 11): must be 1 to 128 letters, digits, '@', '-' or '_'; received "image tag".`,
    ],
    [
      'a source revision of a type that cannot be overridden',
      'sourceRevisions: [{ action: Source, type: BRANCH, revision: main }]',
      'knownBad.releases.broken.sourceRevisions[0].type (line 11): must be COMMIT_ID, IMAGE_DIGEST or S3_OBJECT_VERSION_ID; received "BRANCH".',
    ],
    [
      'a source revision of no source',
      'sourceRevisions: [{ type: COMMIT_ID, revision: 4fa1 }]',
      'knownBad.releases.broken.sourceRevisions[0].action (line 11): is missing. Give the source action.',
    ],
    [
      'variables together with an override of the task definition',
      'variables: { image_tag: broken }, image: web',
      'knownBad.releases.broken (line 11): must be either a taskDefinition, or an override, or what a pipeline is started with; received image, variables. Keep one of them.',
    ],
  ])('%s', (_, release, ...errors) => expect(errorsOf(through({ release }))).toEqual(errors));

  test('for a service, what only a pipeline can be started with', () => {
    const release: Change = [RELEASE, 'broken: { variables: { image_tag: broken } }'];
    expect(errorsOf(changed(release))).toEqual([
      'knownBad.releases.broken (line 11): must be a taskDefinition or an override; variables and sourceRevisions are for a pipeline.',
    ]);
  });

  test('for a service, a trigger that only a pipeline fires', () => {
    const pipelineFails = 'observedBy: pipeline-event\n    condition: stage Smoke failed';
    expect(errorsOf(changed([CONDITION, pipelineFails]))).toEqual([
      'triggers[0].condition (line 20): needs a target codepipeline; the target of this plan is an ECS service.',
    ]);
  });

  test('a trigger on the failure of a stage seen by anyone but the events of the pipeline', () => {
    const seenByProbe: Change = ['smoke failed 3 times running', 'stage Smoke failed'];
    expect(errorsOf(changed(...PIPELINE, seenByProbe))).toEqual([
      expect.stringContaining('cannot be seen by probe; it is seen by pipeline-event.'),
    ]);
  });

  test('a trigger on an alarm seen by the events of the pipeline, and names the forms that are', () => {
    expect(errorsOf(through({ condition: 'Smoke is red' }))).toEqual([
      `triggers[0].condition (line 20): is no condition that pipeline-event can see; received "Smoke is red". Write 'stage Smoke failed', 'action Smoke/test failed' or 'execution failed', or change observedBy to alarm if it is the name of one.`,
    ]);
  });

  test.each(['stage Promote failed', 'action Promote/go failed'])(
    'a trigger that can never fire, because nothing enters the stage during the drill: %s',
    (condition) => {
      const target = 'pipeline: web, stage: Deploy, disableTransitions: [Promote]';
      expect(errorsOf(through({ target, condition }))).toEqual([
        'triggers[0].condition (line 20): can never hold: disableTransitions keeps the known-bad release out of stage Promote. Take the stage off that list, or watch one before it.',
      ]);
    },
  );
});

describe('reads', () => {
  test('a pipeline, its stages, the service behind it and the transitions to disable', () => {
    const target =
      'pipeline: web, stage: Deploy, smokeStage: Smoke, ecs: { cluster: main, service: web }, disableTransitions: [Promote]';
    expect(planOf(through({ target })).target).toEqual({
      kind: 'codepipeline',
      pipeline: 'web',
      stage: 'Deploy',
      smokeStage: 'Smoke',
      ecs: { cluster: 'main', service: 'web' },
      disableTransitions: ['Promote'],
    });
    expect(planOf(through({})).target).toEqual({
      kind: 'codepipeline',
      pipeline: 'web',
      stage: 'Deploy',
      disableTransitions: [],
    });
  });

  test('a release that the pipeline is started with', () => {
    expect(planOf(through({})).knownBad.releases.broken).toEqual({
      kind: 'pipeline-execution',
      release: 'broken',
      variables: { image_tag: 'broken' },
      sourceRevisions: [],
    });
    const revision = '{ action: Source, type: COMMIT_ID, revision: 4fa1c2e }';
    expect(
      planOf(through({ release: `sourceRevisions: [${revision}], release: v5` })).knownBad.releases.broken,
    ).toEqual({
      kind: 'pipeline-execution',
      release: 'v5',
      variables: {},
      sourceRevisions: [{ action: 'Source', type: 'COMMIT_ID', revision: '4fa1c2e' }],
    });
  });

  test('every way back of a pipeline and of the service behind it', () => {
    const all =
      'paths: [automatic, codepipeline-rollback-stage, codepipeline-redeploy, ecs-stop-deployment, ecs-previous-task-definition]';
    expect(errorsOf(changed(...PIPELINE, ['paths: [ecs-stop-deployment]', all]))).toEqual([]);
  });

  test.each(['stage Smoke failed', 'action Smoke/test failed', 'execution failed'])('%s', (condition) => {
    expect(planOf(through({ condition })).triggers).toMatchObject([
      { observedBy: 'pipeline-event', condition: { kind: 'pipeline-failed' } },
    ]);
  });
});
