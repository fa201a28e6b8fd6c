import { describe, expect, test } from 'vitest';
import {
  gapsOfStages,
  pipelineStages,
  type StageFound,
} from '../../../../lib/drill/validations/pipeline-stages.ts';
import { versionUniformity } from '../../../../lib/drill/validations/version-uniformity.ts';

const BAD = 'execution-7';

function stage(name: string, place: StageFound['place'], more: Partial<StageFound> = {}): StageFound {
  return { name, place, latest: { execution: 'execution-3', status: 'Succeeded' }, waiting: null, ...more };
}

function bad(status: string) {
  return { execution: BAD, status };
}

/** After a stage was rolled back: its smoke stage does not run again. */
const REVERTED: readonly StageFound[] = [
  stage('Deploy', 'deploy', { latest: { execution: 'execution-8', status: 'Succeeded' } }),
  stage('Smoke', 'tests', { latest: bad('Failed') }),
  stage('Promote', 'behind'),
];

function having(...changed: readonly StageFound[]): readonly StageFound[] {
  return REVERTED.map((found) => changed.find(({ name }) => name === found.name) ?? found);
}

describe('the pipeline is not off the known-bad release', () => {
  test.each<[what: string, changed: StageFound, reason: string]>([
    [
      'while a stage still runs it',
      stage('Smoke', 'tests', { latest: bad('InProgress') }),
      'stage Smoke is run by the known-bad execution execution-7: InProgress',
    ],
    [
      'when a stage behind the test let it in, though it succeeded there',
      stage('Promote', 'behind', { latest: bad('Succeeded') }),
      'stage Promote was entered by the known-bad execution execution-7: Succeeded',
    ],
    [
      'while it waits to enter a stage: it would as soon as the transition is enabled again',
      stage('Promote', 'behind', { waiting: bad('InProgress') }),
      'the known-bad execution execution-7 waits to enter stage Promote: InProgress',
    ],
  ])('%s', (_, changed, reason) => {
    expect(pipelineStages(having(changed), BAD)).toMatchObject({ wrong: [reason] });
  });

  test('nor known to be, while it is being stopped', () => {
    expect(pipelineStages(having(stage('Smoke', 'tests', { latest: bad('Stopping') })), BAD)).toMatchObject({
      wrong: [],
      unproven: ['stage Smoke is run by the known-bad execution execution-7: Stopping'],
    });
  });

  test('nor known to be, when its stages are not told', () => {
    expect(pipelineStages([], BAD).unproven).toEqual(['the stages of the pipeline are not told']);
  });
});

describe('the pipeline is off the known-bad release', () => {
  test('though its smoke stage was red with it and does not run again', () => {
    expect(pipelineStages(REVERTED, BAD)).toEqual({
      wrong: [],
      unproven: [],
      right: ['3 of 3 stages are off execution execution-7'],
    });
  });

  test('when it was stopped before a stage', () => {
    const stopped = having(stage('Promote', 'behind', { waiting: bad('Stopped') }));
    expect(pipelineStages(stopped, BAD)).toMatchObject({ wrong: [], unproven: [] });
  });
});

test('a deploy stage that was passed by on the way back is a warning: its next automatic rollback goes to the known-bad release', () => {
  const passedBy = having(stage('Deploy', 'deploy', { latest: bad('Succeeded') }));
  expect(pipelineStages(passedBy, BAD).wrong).toEqual([]);
  expect(gapsOfStages(passedBy, BAD)).toMatchObject([
    {
      code: 'pipeline-on-known-bad',
      severity: 'warning',
      evidence: 'stage Deploy: execution execution-7 Succeeded',
    },
  ]);
  expect(gapsOfStages(REVERTED, BAD)).toEqual([]);
});

describe('one version everywhere', () => {
  const arn = (revision: number) => `arn:aws:ecs:us-east-1:000000000000:task-definition/shop:${revision}`;
  const digests = { shop: 'sha256:4444' };
  const task = (revision: number) => ({
    id: `t${revision}`,
    taskDefinition: arn(revision),
    status: 'RUNNING',
    digests,
  });
  const healthy = { release: 'v4', taskDefinition: arn(4), digests };
  const asked = [{ release: 'v4', instance: null, failure: null }];

  test('is not there while a stage runs the known-bad release, though every task is healthy', () => {
    const stages = having(stage('Smoke', 'tests', { latest: bad('InProgress') }));
    const judgement = versionUniformity({
      healthy,
      tasks: [task(4)],
      asked,
      pipeline: { stages, knownBad: BAD },
    });
    expect(judgement).toMatchObject({
      verdict: 'failed',
      reason: 'stage Smoke is run by the known-bad execution execution-7: InProgress',
    });
    expect(judgement.gaps).toBeUndefined();
  });

  test('is not a task definition that the pipeline registered with other content', () => {
    const others = { ...healthy, copies: [arn(6)] };
    expect(versionUniformity({ healthy: others, tasks: [task(5)], asked })).toMatchObject({
      verdict: 'failed',
      reason: 'task t5 runs shop:5, the last healthy release is shop:4',
    });
  });

  test('is the copy that the pipeline registered on the way back', () => {
    const pipeline = { stages: REVERTED, knownBad: BAD };
    const copied = { ...healthy, copies: [arn(6)] };
    expect(versionUniformity({ healthy: copied, tasks: [task(6)], asked, pipeline })).toEqual({
      verdict: 'passed',
      reason:
        '1 of 1 tasks run shop:4 with sha256:4444, as its copy shop:6; 1 of 1 answers from v4; 3 of 3 stages are off execution execution-7',
      evidence: [
        'task t6 is RUNNING with shop:6',
        '1 answers from v4',
        'stage Deploy: execution execution-8 Succeeded',
        'stage Smoke: execution execution-7 Failed',
        'stage Promote: execution execution-3 Succeeded',
      ],
    });
  });
});
