import { describe, expect, test } from 'vitest';
import {
  type Asked,
  type RunningTask,
  type VersionFacts,
  versionUniformity,
} from '../../../../lib/drill/validations/version-uniformity.ts';

const HEALTHY = 'arn:aws:ecs:us-east-1:000000000000:task-definition/shop:4';
const BAD = 'arn:aws:ecs:us-east-1:000000000000:task-definition/shop-known-bad:1';
const V4 = `sha256:${'4'.repeat(64)}`;
const V5 = `sha256:${'5'.repeat(64)}`;

const healthy = { release: 'v4', taskDefinition: HEALTHY, digests: { shop: V4 } };

function task(id: string, changes: Partial<RunningTask> = {}): RunningTask {
  return { id, taskDefinition: HEALTHY, status: 'RUNNING', digests: { shop: V4 }, ...changes };
}

function answers(count: number, release: string | null, more: Partial<Asked> = {}): Asked[] {
  return Array.from({ length: count }, () => ({ release, instance: null, failure: null, ...more }));
}

const GOOD: VersionFacts = { healthy, tasks: [task('a'), task('b')], asked: answers(20, 'v4') };

describe('not uniform', () => {
  test.each<[what: string, changes: Partial<VersionFacts>, reason: string]>([
    ['without any task', { tasks: [] }, 'no task of the service runs'],
    [
      'a task of the known-bad release, which is named',
      { tasks: [task('a'), task('b', { taskDefinition: BAD })] },
      'task b runs shop-known-bad:1, the last healthy release is shop:4',
    ],
    [
      'the same task definition with another image: its tag has moved',
      { tasks: [task('a', { digests: { shop: V5 } })] },
      'a/shop runs image sha256:555555555555, the last healthy release sha256:444444444444',
    ],
    [
      'a bad task that only the load balancer reaches',
      { asked: [...answers(17, 'v4'), ...answers(3, 'checkout-5xx')] },
      '17 of 20 answers from v4, 3 from checkout-5xx',
    ],
    [
      'a bad task that tells its name',
      { asked: [...answers(2, 'v4'), ...answers(1, 'bad', { instance: 'i-7' })] },
      '2 of 3 answers from v4, 1 from bad (task i-7)',
    ],
    [
      'answers that do not tell who gave them',
      { asked: [...answers(1, 'v4'), ...answers(2, null)] },
      '1 of 3 answers from v4, 2 without an identity',
    ],
    [
      'answers that do not come',
      {
        asked: [
          ...answers(1, 'v4'),
          ...answers(1, null, { failure: { reason: 'connection refused', isOurs: false } }),
        ],
      },
      '1 of 2 answers from v4, 1 not given: connection refused',
    ],
  ])('%s', (_, changes, reason) => {
    expect(versionUniformity({ ...GOOD, ...changes })).toMatchObject({ verdict: 'failed', reason });
  });
});

describe('not known to be uniform', () => {
  test.each<[what: string, changes: Partial<VersionFacts>, reason: string]>([
    [
      'without a last healthy release',
      { healthy: null },
      'the journal does not tell the last healthy release',
    ],
    [
      'a task that does not tell its image',
      { tasks: [task('a'), task('b', { digests: { shop: null } })] },
      'the image digest of b/shop is not told',
    ],
    [
      'a release whose image nobody told',
      { healthy: { ...healthy, digests: {} }, tasks: [task('a')] },
      'the images of the last healthy release are not known',
    ],
    [
      'a release of which one image was never told',
      { healthy: { ...healthy, digests: { shop: null } }, tasks: [task('a')] },
      'the last healthy image digest of a/shop is not known',
    ],
    [
      'a task that lacks a container of the release',
      { tasks: [task('a', { digests: {} })] },
      'the image digest of a/shop is not told',
    ],
    ['nobody was asked', { asked: [] }, '0 of 0 answers from v4'],
    [
      'requests that did not leave our side',
      {
        asked: [...answers(1, 'v4'), ...answers(1, null, { failure: { reason: 'stopped', isOurs: true } })],
      },
      '1 of 2 answers from v4, 1 not given: stopped',
    ],
  ])('%s', (_, changes, reason) => {
    expect(versionUniformity({ ...GOOD, ...changes })).toMatchObject({ verdict: 'unknown', reason });
  });
});

test('uniform only when every task and every answer is of the last healthy release', () => {
  expect(versionUniformity(GOOD)).toEqual({
    verdict: 'passed',
    reason: '2 of 2 tasks run shop:4 with sha256:444444444444; 20 of 20 answers from v4',
    evidence: ['task a is RUNNING with shop:4', 'task b is RUNNING with shop:4', '20 answers from v4'],
  });
});

test('what ECS adds to a task by itself is not of the release', () => {
  const digests = { shop: V4, 'aws-guardduty-agent': V5 };
  expect(versionUniformity({ ...GOOD, tasks: [task('a', { digests })] }).verdict).toBe('passed');
});

test('a hundred bad tasks leave a reason that can be read', () => {
  const tasks = Array.from({ length: 100 }, (_, index) => task(`t${index}`, { taskDefinition: BAD }));
  const { reason } = versionUniformity({ ...GOOD, tasks });
  expect(reason.split('; ')).toHaveLength(11);
  expect(reason).toMatch(/; 90 more$/);
});
