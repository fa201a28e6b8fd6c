import { expect, test } from 'vitest';
import { selfRollbackGap, selfRollbackTarget } from '../../../../lib/drill/guardrails/self-rollback.ts';

const FOUND = { stage: 'Deploy', target: 'bad-1', release: 'aws codepipeline start-pipeline-execution' };

test('a stage that would roll itself back to anything but what runs refuses, and says how to mend it', () => {
  expect(selfRollbackTarget(FOUND, 'good-1')).toEqual({
    name: 'automatic-rollback',
    verdict: 'refused',
    reason:
      'stage Deploy rolls itself back to execution bad-1, the last that got through it; it must be good-1, which is what runs. Release it again: aws codepipeline start-pipeline-execution',
  });
  expect(selfRollbackTarget({ ...FOUND, target: null }, 'good-1').verdict).toBe('refused');
});

test('a stage that would roll itself back to what runs, or never does, is no reason to refuse', () => {
  expect(selfRollbackTarget({ ...FOUND, target: 'good-1' }, 'good-1').verdict).toBe('passed');
  expect(selfRollbackTarget(null, 'good-1').verdict).toBe('passed');
});

test('what a drill leaves to a stage that rolls itself back is a gap, with the command that closes it', () => {
  expect(selfRollbackGap(null)).toBeNull();
  expect(selfRollbackGap(FOUND)).toMatchObject({
    code: 'automatic-rollback-to-known-bad',
    severity: 'warning',
    evidence: expect.stringContaining(FOUND.release),
  });
});
