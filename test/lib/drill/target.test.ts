import { describe, expect, test } from 'vitest';
import { type TargetState, uniformity } from '../../../lib/drill/target.ts';
import { at } from './fixtures/journal.ts';
import { deployment, target, uniformTarget } from './fixtures/target.ts';

describe('the target is not uniform', () => {
  test.each<[string, TargetState, string]>([
    ['while it steers towards the known-bad release', target(), 'steers towards the known-bad release'],
    ['on somebody else’s release', uniformTarget(60, { desired: 'other' }), 'towards the other release'],
    [
      'while the known-bad deployment is under way',
      uniformTarget(60, { knownBadDeployment: deployment() }),
      'the known-bad deployment is still under way',
    ],
    ['before the newest deployment is complete', uniformTarget(60, { settled: false }), 'is not complete'],
    ['without the time of its completion', uniformTarget(60, { settledAt: null }), 'is not complete'],
    [
      'while a task of the known-bad release is left that is not STOPPED',
      uniformTarget(60, { knownBadTasksLeft: 1 }),
      '1 tasks of the known-bad release are left',
    ],
  ])('%s', (_, state, reason) => {
    expect(uniformity(state)).toEqual({ uniform: false, reason: expect.stringContaining(reason) });
  });
});

describe('the target is uniform since the later of', () => {
  test.each([
    ['the rollback being finished', 60, 55, 60],
    ['the last bad task being stopped', 60, 75, 75],
  ])('%s', (_, settledAt, stoppedAt, since) => {
    const state = uniformTarget(settledAt, { lastKnownBadTaskStoppedAt: at(stoppedAt) });
    expect(uniformity(state)).toEqual({ uniform: true, since: at(since) });
  });

  test('the rollback alone when no bad task ever ran', () => {
    expect(uniformity(uniformTarget(60))).toEqual({ uniform: true, since: at(60) });
    expect(uniformity(uniformTarget(60, { knownBadDeployment: null })).uniform).toBe(true);
  });
});
