import { expect, test } from 'vitest';
import { drillAt } from '../../fixtures/rig.ts';

test('does not pass for a validation that the plan does not have', async () => {
  const rig = await drillAt('restored');
  await expect(rig.steps.validate('sell')).rejects.toThrow(/no validation 'sell'/);
  expect(await rig.entries('validation')).toEqual([]);
});

test('run again after its answer was lost, keeps its first verdict', async () => {
  const verdicts = ['failed', 'passed'] as const;
  let runs = 0;
  const judge = async () => ({ verdict: verdicts[runs++] ?? 'unknown', reason: '', evidence: [] }) as const;
  const rig = await drillAt('restored', { validator: { judge } });
  await rig.steps.validate();
  await rig.steps.validate();
  expect((await rig.entries('validation')).map(({ validated }) => validated.verdict)).toEqual(['failed']);
});

test('is unknown when the validation itself breaks, and tells nothing of the message', async () => {
  const judge = async () => Promise.reject(new TypeError('password=hunter2'));
  const rig = await drillAt('restored', { validator: { judge } });
  expect(await rig.steps.validate()).toEqual({
    kind: 'unknown',
    reason: 'the validation itself broke: TypeError',
  });
});

test('does not let a verdict from before a second rollback stand for the new restoration', async () => {
  const rig = await drillAt('validated');
  await rig.append({
    kind: 'restored-voided',
    key: 'voided',
    reason: 'it was seen',
    at: '2026-11-03T10:01:00.000Z',
  });
  await rig.steps.rollBack({ kind: 'bad-again', reason: 'it was seen' });
  await rig.steps.validate();
  expect((await rig.entries('validation')).map(({ validated }) => validated.name)).toEqual([
    'buy',
    'search',
    'buy',
  ]);
  const visits = (await rig.entries('step')).filter(({ name }) => name === 'Validate');
  expect(visits.map(({ attempt }) => attempt)).toEqual([1, 2]);
});

test('validations that run side by side are one visit of Validate', async () => {
  const rig = await drillAt('validated');
  expect((await rig.entries('step')).filter(({ name }) => name === 'Validate')).toHaveLength(1);
});
