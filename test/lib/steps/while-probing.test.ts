import { expect, test } from 'vitest';
import { planWith } from '../../fixtures/plan.ts';
import { drillAt } from '../../fixtures/rig.ts';

test('a watchdog goes on probing while validations run, and they can read what it saw', async () => {
  let known = 0;
  const rig = await drillAt('restored', {
    plan: planWith(['stabilise: 60s', 'stabilise: 5s']),
    validator: {
      judge: async () => {
        const before = (await rig.stores.series.read('drill-1')).samples.length;
        await rig.clock.sleep(20_000);
        known = (await rig.stores.series.read('drill-1')).samples.length - before;
        return { verdict: 'passed', reason: 'as before', evidence: [] };
      },
    },
  });
  await rig.watchdog();
  expect(known).toBeGreaterThan(10);
});

test('probes that a validation is over for are still kept, and none is made any more', async () => {
  const rig = await drillAt('restored');
  const sealed = await rig.watchdog();
  expect(sealed).toMatchObject({ kind: 'sealed' });
  const { samples } = await rig.stores.series.read('drill-1');
  const sent = samples.map(({ sentAt }) => sentAt).toSorted((a, b) => a - b);
  const silences = sent.slice(1).map((at, index) => at - (sent[index] ?? at));
  expect(Math.max(...silences)).toBeLessThan(10_000);
  await rig.clock.advance(60_000);
  expect((await rig.stores.series.read('drill-1')).samples).toHaveLength(samples.length);
});
