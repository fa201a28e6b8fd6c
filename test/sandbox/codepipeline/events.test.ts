import { afterEach, beforeEach, expect, test } from 'vitest';
import { type PipelineAccount, pipelineAccount } from './account.ts';

let account: PipelineAccount;

beforeEach(async () => {
  account = await pipelineAccount();
});

afterEach(() => account.close());

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Once each, as a consumer sees them that ignores what it knows. */
function told(id: string): readonly string[] {
  const texts = account.events
    .filter(({ detail }) => detail['execution-id'] === id)
    .map(({ detailType, detail: { stage, action, state } }) =>
      [detailType.split(' ')[1], stage, action, state].filter(Boolean).join(' '),
    );
  return texts.filter((text, index) => text !== texts[index - 1]);
}

test('every change of pipeline, stage and action is told, in the order in which it happened', async () => {
  const id = await account.createReleased();
  expect(told(id)).toEqual([
    'Pipeline STARTED',
    'Stage Source STARTED',
    'Action Source Pull STARTED',
    'Action Source Pull SUCCEEDED',
    'Stage Source SUCCEEDED',
    'Stage Deploy STARTED',
    'Action Deploy Render STARTED',
    'Action Deploy Render SUCCEEDED',
    'Action Deploy Ship STARTED',
    'Action Deploy Ship SUCCEEDED',
    'Stage Deploy SUCCEEDED',
    'Stage Smoke STARTED',
    'Action Smoke Check STARTED',
    'Action Smoke Check SUCCEEDED',
    'Stage Smoke SUCCEEDED',
    'Pipeline SUCCEEDED',
  ]);
});

test('every fifth event comes twice', async () => {
  await account.createReleased();
  expect(account.events).toHaveLength(16 + 3);
  for (const index of [4, 10, 16]) expect(account.events[index]).toEqual(account.events[index + 1]);
});

test('events have the shape of AWS', async () => {
  account.hold('Check');
  const id = await account.create();
  const check = await account.job('Check');
  check.fail('3 of 20 orders failed.');
  await account.ended(id, 'Failed');
  const common = {
    pipeline: 'shop',
    'execution-id': id,
    'start-time': expect.stringMatching(ISO),
    'execution-trigger': {
      'trigger-type': 'CreatePipeline',
      'trigger-detail': 'arn:aws:iam::000000000000:user/sandbox',
    },
    version: 1,
    'pipeline-execution-attempt': 1,
    state: 'FAILED',
  };
  const event = (what: string, more: object = {}) => ({
    source: 'aws.codepipeline',
    detailType: `CodePipeline ${what} Execution State Change`,
    resources: ['arn:aws:codepipeline:us-east-1:000000000000:shop'],
    detail: { ...common, ...more },
  });
  const failed = account.events.filter(({ detail }) => detail.state === 'FAILED');
  expect(failed.filter((each, index) => each !== failed[index - 1])).toEqual([
    event('Action', {
      stage: 'Smoke',
      action: 'Check',
      'action-execution-id': check.job.id,
      region: 'us-east-1',
      type: { owner: 'AWS', provider: 'Lambda', category: 'Invoke', version: '1' },
      'execution-result': {
        'external-execution-summary': '3 of 20 orders failed.',
        'error-code': 'JobFailed',
      },
    }),
    event('Stage', { stage: 'Smoke', 'stage-execution-attempt': 0 }),
    event('Pipeline'),
  ]);
});

test('who stops is quoted, and what was abandoned is told as such', async () => {
  await account.createReleased();
  account.hold('Ship');
  const id = await account.start();
  await account.job('Ship');
  await account.stop(id, true, 'Drill 001');
  await account.ended(id, 'Stopped');
  expect(told(id).slice(-6)).toEqual([
    'Action Deploy Ship STARTED',
    'Pipeline STOPPING',
    'Stage Deploy STOPPING',
    'Action Deploy Ship ABANDONED',
    'Stage Deploy STOPPED',
    'Pipeline STOPPED',
  ]);
  const stopping = account.events.find(({ detail }) => detail.state === 'STOPPING');
  expect(stopping?.detail['stop-execution-comments']).toBe('Drill 001');
});

test('superseded and cancelled executions are told as such', async () => {
  account.hold('Ship');
  const first = await account.create();
  await account.job('Ship');
  const [second, third] = [await account.start(), await account.start()];
  await account.ended(second, 'Superseded');
  await account.update();
  expect(told(second).at(-1)).toBe('Pipeline SUPERSEDED');
  expect(told(first).slice(-3)).toEqual([
    'Action Deploy Ship CANCELED',
    'Stage Deploy CANCELED',
    'Pipeline CANCELED',
  ]);
  expect(told(third).at(-1)).toBe('Pipeline CANCELED');
});

test('how a stage ended is in the truth log', async () => {
  const id = await account.createReleased();
  expect(account.truths).toEqual(
    ['Source', 'Deploy', 'Smoke'].map((stage) => {
      return { event: 'pipeline-stage', pipeline: 'shop', execution: id, stage, status: 'Succeeded' };
    }),
  );
});
