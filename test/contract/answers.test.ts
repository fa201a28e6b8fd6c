import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { respond } from '../../lib/api/respond.ts';
import type { ApiPorts } from '../../lib/api/route.ts';
import { ROUTES } from '../../lib/api/routes.ts';
import type { Entry } from '../../lib/drill/entry.ts';
import { lastOf } from '../../lib/drill/journal.ts';
import { receiptFrom } from '../../lib/drill/receipt.ts';
import { recordFrom } from '../../lib/drill/record.ts';
import { statisticsOf } from '../../lib/steps/answers/statistics.ts';
import { disagreements, type Told } from '../answers/disagreements.ts';
import { mixedDrill } from '../answers/mixed-drills.ts';
import { recomputed } from '../answers/recomputed.ts';
import { eventOf } from '../lib/api/fixtures/api.ts';
import { PLAN } from '../lib/drill/fixtures/journal.ts';
import { newTarget, PLAN_OF_DRILLS } from './drills.ts';
import type { World } from './world.ts';
import { WORLDS } from './worlds.ts';

const SEED = 20_261_103;
const AS_OF = '2027-03-01T12:00:00.000Z';

describe.each(WORLDS)('answers (%s)', (_, start) => {
  let world: World;
  beforeAll(async () => {
    world = await start();
  });
  afterAll(() => world.close());

  /** Stores a drill as its state machine does, and answers the document that is kept of it. */
  async function stored(journal: readonly Entry[], target: string, at: number): Promise<string> {
    const drillId = `${target}-${at}`;
    const mine = journal.map((entry): Entry => {
      if (entry.kind === 'numbered') return { ...entry, number: at + 1 };
      return entry.kind === 'opened' ? { ...entry, drillId, target } : entry;
    });
    const opened = lastOf(mine, 'opened');
    if (!opened) throw new Error('the journal was not opened');
    await world.journal.open(opened, PLAN_OF_DRILLS);
    if (lastOf(mine, 'numbered')) await world.receipts.seal(drillId, receiptFrom(mine, PLAN));
    else await world.receipts.record(recordFrom(mine));
    return JSON.stringify(await world.receipts.find(drillId));
  }

  async function told(target: string, asOf: string): Promise<{ line: Told; api: Told }> {
    const pathNow = async () => undefined;
    const answer = await statisticsOf({ ...world, pathNow }, { target, asOf: Date.parse(asOf) });
    const event = eventOf('GET', `/targets/${encodeURIComponent(target)}/statistics?asOf=${asOf}`);
    const { body } = await respond({ ...world, ...OTHERS, pathNow }, ROUTES, event);
    return { line: JSON.parse(JSON.stringify(answer)), api: JSON.parse(body) };
  }

  test('that are told otherwise in any one figure are found out', async () => {
    const target = newTarget();
    const documents: string[] = [];
    for (const [at, journal] of fc.sample(mixedDrill, { numRuns: 12, seed: SEED }).entries())
      documents.push(await stored(journal, target, at));
    const { line } = await told(target, AS_OF);
    expect(disagreements(line, recomputed(documents.slice(1), Date.parse(AS_OF)))).not.toEqual([]);
    const figures = recomputed(documents, Date.parse(AS_OF));
    for (const name of Object.keys(figures)) {
      const forged = name === 'drills' ? { frequency: { drills: 99 } } : { [name]: [{}] };
      expect(disagreements({ ...line, ...forged }, figures)).toEqual([
        expect.stringContaining(`${name}: told`),
      ]);
    }
  });

  test.each([1, 2, 12, 50])(
    'of %i mixed drills are what their raw receipts say, on the command line and by the API',
    async (drills) => {
      const target = newTarget();
      const documents: string[] = [];
      for (const [at, journal] of fc.sample(mixedDrill, { numRuns: drills, seed: SEED + drills }).entries())
        documents.push(await stored(journal, target, at));
      for (const asOf of [AS_OF, '2026-11-20T00:00:00.000Z']) {
        const { line, api } = await told(target, asOf);
        expect(api).toEqual(line);
        expect(disagreements(line, recomputed(documents, Date.parse(asOf)))).toEqual([]);
      }
    },
  );
});

/** Nobody writes, starts or announces here. */
const OTHERS: Pick<ApiPorts, 'announcer' | 'clock' | 'plans' | 'starts'> = {
  announcer: { announce: () => Promise.reject(new Error('nothing is announced')) },
  clock: { now: () => Date.now(), sleep: () => Promise.reject(new Error('nobody waits')) },
  plans: { load: () => Promise.reject(new Error('no plan is read')) },
  starts: { start: () => Promise.reject(new Error('no drill is started')) },
};
