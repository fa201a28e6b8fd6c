import { expect, test } from 'vitest';
import { notRestoredPage, page } from '../../../lib/steps/page.ts';
import { outage } from '../../fixtures/outage.ts';
import { drillAt } from '../../fixtures/rig.ts';

test('a person is not paged twice for the same', async () => {
  const rig = await drillAt('triggered');
  for (let time = 1; time <= 2; time++) {
    const drill = await rig.drill();
    await page(rig.ports, drill, notRestoredPage(drill));
  }
  expect(rig.announced.filter(({ subject }) => subject.startsWith('NOT RESTORED'))).toHaveLength(1);
});

test('a page that fails is tried again before it counts as not delivered', async () => {
  const { away, through } = outage();
  const rig = await drillAt('triggered', { through });
  away.topic = true;
  const drill = await rig.drill();
  const paging = page(rig.ports, drill, notRestoredPage(drill));
  await rig.clock.advance(2_500);
  away.topic = false;
  await paging;
  expect(await rig.entries('paged')).toHaveLength(1);
  expect(rig.announced.at(-1)?.message).toContain('aws ecs back');
});

test('a page that nobody gets keeps nothing from happening, and is a serious gap', async () => {
  const { away, through } = outage();
  const rig = await drillAt('triggered', { through });
  away.topic = true;
  const drill = await rig.drill();
  await page(rig.ports, drill, notRestoredPage(drill));
  expect((await rig.entries('gap')).at(-1)).toMatchObject({
    code: 'page-not-delivered',
    severity: 'serious',
    evidence: 'Error: there is no topic',
  });
});
