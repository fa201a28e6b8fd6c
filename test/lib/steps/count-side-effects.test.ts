import { describe, expect, test } from 'vitest';
import type { Receipt } from '../../../lib/drill/seal.ts';
import type { Counters } from '../../../lib/ports/validations.ts';
import { planWith } from '../../fixtures/plan.ts';
import { drillAt, type Rig } from '../../fixtures/rig.ts';

const COUNTING = planWith([
  'stabilise: 60s',
  `stabilise: 5s
sideEffects:
  - endpoint: POST /orders
    effect: an order
    compensation: cancel it
    count: { http: { url: 'https://shop.example/orders?since={{since}}', json: $.count } }
  - { endpoint: POST /mails, effect: a mail, compensation: apologise }`,
]);

async function restored(counters: Counters): Promise<Rig> {
  return drillAt('restored', { plan: COUNTING, counters });
}

describe('side effects', () => {
  test('are not counted before the target is restored', async () => {
    const rig = await drillAt('rolling-back', { plan: COUNTING });
    expect(await rig.steps.countSideEffects()).toMatchObject({ kind: 'not-counted' });
    expect(await rig.entries('side-effects-counted')).toEqual([]);
  });

  test('that cannot be counted are not said to be none', async () => {
    const rig = await restored(async () => Promise.reject(new Error('status 503, expected 200')));
    await rig.steps.countSideEffects();
    expect(await rig.entries('side-effects-counted')).toMatchObject([
      { counts: [{ endpoint: 'POST /orders', count: null, reason: expect.stringContaining('status 503') }] },
    ]);
  });

  test('are counted in the time in which the known-bad release was live, once', async () => {
    const windows: object[] = [];
    const rig = await restored(async (_, window) => windows.push(window) + 6);
    await rig.steps.countSideEffects();
    await rig.steps.countSideEffects();
    const [counted, ...more] = await rig.entries('side-effects-counted');
    expect(more).toEqual([]);
    expect(counted?.counts).toMatchObject([{ endpoint: 'POST /orders', count: 7 }]);
    const { journal } = await rig.drill();
    const serving = journal.find((entry) => entry.kind === 'mark' && entry.mark === 'badServing');
    expect(windows[0]).toMatchObject({ since: Date.parse((serving as { at: string }).at) });
  });

  test('of a drill that died are counted by the watchdog', async () => {
    const rig = await restored(async () => 3);
    await rig.watchdog();
    const receipt = (await rig.stores.receipts.find('drill-1')) as Receipt;
    expect(receipt.sideEffects).toMatchObject([
      { endpoint: 'POST /orders', happened: 3, owed: '3 × cancel it' },
      { endpoint: 'POST /mails', happened: null, owed: 'not counted: apologise' },
    ]);
  });
});
