import { expect, test } from 'vitest';
import { drillAt } from '../../fixtures/rig.ts';

test('does not begin for the witness before its token is stored', async () => {
  const rig = await drillAt('validated', {
    through: (ports) => ({ ...ports, waits: { ...ports.waits, open: whenNotStabilising(ports.waits.open) } }),
  });
  await expect(rig.steps.stabilise()).rejects.toThrow('throttled');
  expect((await rig.drill()).phase).not.toBe('stabilising');
});

test('is over when the witness has watched the quiet period to its end, not before', async () => {
  const rig = await drillAt('validated');
  await rig.steps.stabilise();
  await rig.watch(59_000);
  expect(rig.told('Stabilise')).toBeUndefined();
  await rig.watch(3_000);
  expect(rig.told('Stabilise')).toMatchObject({ kind: 'all-clear' });
});

function whenNotStabilising(open: (drillId: string, wait: string, token: string) => Promise<void>) {
  return async (drillId: string, wait: string, token: string) => {
    if (wait.startsWith('Stabilise')) throw new Error('throttled');
    await open(drillId, wait, token);
  };
}
