import { expect, test } from 'vitest';
import type { Receipt } from '../../../lib/drill/seal.ts';
import { verify } from '../../../lib/drill/verify.ts';
import { planWith } from '../../fixtures/plan.ts';
import { drillAt, type Rig } from '../../fixtures/rig.ts';

const SEARCH = `  - name: search
    kind: synthetic-transaction
    steps: [{ name: look, url: 'https://shop.example/search' }]
`;
const plan = planWith(
  [SEARCH, '  - { name: no-holes, kind: timeline }\n'],
  ['stabilise: 60s', 'stabilise: 5s'],
);

async function receiptOf(rig: Rig): Promise<Receipt> {
  return (await rig.stores.receipts.find('drill-1')) as Receipt;
}

test('the timeline of a drill that goes well has no holes, and nobody runs its validation', async () => {
  const rig = await drillAt('restored', { plan });
  await rig.steps.validate('buy');
  await rig.steps.stabilise();
  await rig.watch(10_000);
  await rig.steps.sealReceipt();
  const receipt = await receiptOf(rig);
  expect(receipt.validations.map(({ name, verdict }) => [name, verdict])).toEqual([
    ['buy', 'passed'],
    ['no-holes', 'passed'],
  ]);
  expect([receipt.outcome, receipt.figures.completeness]).toEqual(['passed', 1]);
  expect(verify([receipt])).toEqual([]);
});

test.each(['deployed', 'triggered', 'rolling-back'] as const)(
  'a timeline that the watchdog finished from %s on has no holes, and it runs no validation for it',
  async (stage) => {
    const rig = await drillAt(stage, { plan });
    await rig.watchdog();
    expect((await rig.entries('validation')).map(({ validated }) => validated.name)).toEqual(['buy']);
    const receipt = await receiptOf(rig);
    expect(receipt.outcome).toBe('rescued');
    expect(receipt.validations.at(-1)).toMatchObject({ kind: 'timeline', verdict: 'passed' });
  },
);

test('a drill whose witness died is not whole', async () => {
  const rig = await drillAt('restored', { plan });
  await rig.steps.validate('buy');
  await rig.clock.advance(60_000);
  await rig.steps.stabilise();
  await rig.watch(10_000);
  await rig.steps.sealReceipt();
  const receipt = await receiptOf(rig);
  expect([receipt.outcome, receipt.figures.completeness]).toEqual(['failed', 0.5]);
  expect(receipt.validations.at(-1)?.reason).toMatch(
    /^the longest silence of the witness was 6\d{4} ms > 10000 ms$/,
  );
});
