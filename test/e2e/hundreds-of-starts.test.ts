import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DrillRecord } from '../../lib/drill/record.ts';
import type { Decision } from '../../lib/steps/input.ts';
import { awsWorld } from '../contract/aws-world.ts';
import { counted, observerOf, unsealed } from '../contract/drills.ts';
import type { World } from '../contract/world.ts';
import { type Steps, startRig } from '../fixtures/rig.ts';

/** A thousand of them were tried; these show the same. */
const STARTS = 150;
const TARGET = 'ecs:demo/shop';
/** Steps under way at one time: each would be a function of its own, with connections of its own. */
const AT_ONCE = 40;

/* The stores are real; every drill has started before the first of them asks for the lock. */
describe('hundreds of drills that start on one target at once', () => {
  let world: World;
  beforeAll(async () => {
    world = await awsWorld();
  });
  afterAll(() => world.close());

  it('are one that runs and small records that name it, and leave the chain as it was', async () => {
    const first = await sealOne();
    const ids = Array.from({ length: STARTS }, (_, index) => `start-${index}`);
    const drills = ids.map(stepsOf);
    await each(drills, (steps) => steps.loadPlan());
    const decisions = await each(drills, (steps) => steps.lockTarget());
    await each(drills, async (steps, index) => {
      const decision = decisions[index] as Decision;
      if (decision.kind === 'refused') await steps.sealReceipt(decision);
    });

    const kinds = decisions.map(({ kind }) => kind);
    expect(Object.fromEntries(counted(kinds))).toEqual({ locked: 1, refused: STARTS - 1 });
    const winner = ids[kinds.indexOf('locked')] as string;
    expect(await world.locks.holder(TARGET)).toBe(winner);
    expect(await world.journal.openDrills()).toEqual([winner]);
    for (const id of ids.filter((other) => other !== winner)) {
      const record = (await world.receipts.find(id)) as DrillRecord;
      expect({ outcome: record.outcome, number: record.number }).toEqual({
        outcome: 'refused',
        number: null,
      });
      expect(record.reasons.join()).toMatch(new RegExp(`${TARGET} is held by drill ${winner} since 20`));
    }

    const second = await sealOne();
    expect({
      number: second.number,
      sequence: second.sequence,
      previousDigest: second.previousDigest,
    }).toEqual({ number: first.number + 1, sequence: first.sequence + 1, previousDigest: first.digest });
  });

  function stepsOf(drillId: string): Steps {
    const { journal, locks, receipts, series, deadline } = world;
    const stores = { journal, locks, receipts, series, deadline };
    return startRig({ drillId, through: (ports) => ({ ...ports, ...stores }) }).steps;
  }

  async function sealOne() {
    const drill = await observerOf(world.journal, TARGET);
    const { opened } = drill;
    const number = await world.receipts.number(drill);
    return world.receipts.seal(opened.drillId, unsealed(opened, number));
  }
});

/** Runs a step of every drill, as many at once as may be, and answers what came of each. */
async function each<T>(
  drills: readonly Steps[],
  run: (steps: Steps, index: number) => Promise<T>,
): Promise<readonly T[]> {
  const results: T[] = [];
  const queue = drills.entries();
  const runner = async (): Promise<void> => {
    for (const [index, steps] of queue) results[index] = await run(steps, index);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, runner));
  return results;
}
