import { expect, test } from 'vitest';
import { oneKind } from '../../../lib/adapters/one-kind.ts';
import type { ValidationKind } from '../../../lib/drill/validation.ts';
import { planWith } from '../../fixtures/plan.ts';
import { drillAt } from '../../fixtures/rig.ts';

const { signal } = new AbortController();
const passing = oneKind('synthetic-transaction', {
  judge: async ({ steps }) => ({ verdict: 'passed', reason: `${steps.length} steps`, evidence: [] }),
});

test('a function judges no validation of another kind', async () => {
  const [validation] = planWith().validations;
  const drill = await (await drillAt('restored')).drill();
  const other = { ...validation, kind: 'of-another-version' as ValidationKind };
  await expect(passing.judge(other as never, drill, signal)).rejects.toThrow(
    'is of kind of-another-version; this function runs synthetic-transaction',
  );
  await expect(passing.before?.(other as never, drill, signal)).rejects.toThrow('this function runs');
});

test('a function judges those of its kind', async () => {
  const [validation] = planWith().validations;
  const drill = await (await drillAt('restored')).drill();
  if (!validation) throw new Error('the plan has validations');
  expect(await passing.judge(validation, drill, signal)).toMatchObject({
    verdict: 'passed',
    reason: '1 steps',
  });
});
