import { expect, test } from 'vitest';
import { choosable } from '../../../../../lib/adapters/aws/codepipeline/checks.ts';
import { PATHS } from './fixtures/drill.ts';
import { deploy, pipeline } from './fixtures/pipeline.ts';

const mercurial = {
  name: 'Source',
  actions: [
    {
      name: 'Pull',
      actionTypeId: { category: 'Source', owner: 'Custom', provider: 'Mercurial', version: '1' },
    },
  ],
} as const;

test('a redeployment that would release whatever was pushed last is refused, and only that path', () => {
  const declaration = pipeline({
    stages: [{ ...mercurial, actions: [...mercurial.actions] }, deploy()],
  });
  expect(choosable(declaration, PATHS)).toEqual({
    name: 'source-revisions',
    verdict: 'refused',
    reason:
      'the revision of Pull (Mercurial) cannot be chosen, so that codepipeline-redeploy would release its newest one; allowed is a path that does not. Remove codepipeline-redeploy from the paths',
  });
  expect(choosable(declaration, ['codepipeline-rollback-stage']).verdict).toBe('passed');
  expect(choosable(pipeline(), PATHS).verdict).toBe('passed');
});
