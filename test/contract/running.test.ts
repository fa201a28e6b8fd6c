import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { note, openedDrill, PLAN_OF_DRILLS } from './drills.ts';
import type { World } from './world.ts';
import { WORLDS } from './worlds.ts';

const EMERGENCY = { opened: openedDrill(), plan: PLAN_OF_DRILLS, journal: [] };
const AT = Date.parse('2126-11-03T10:00:00.000Z');

describe.each(WORLDS)('what runs beside a drill (%s)', (_, start) => {
  let world: World;
  beforeEach(async () => {
    world = await start();
  });
  afterEach(() => world.close());

  test('a deadline that is armed twice is one schedule, for what was said last', async () => {
    await world.deadline.arm('drill', AT, EMERGENCY);
    const later = { ...EMERGENCY, journal: [note('a')] };
    await world.deadline.arm('drill', AT + 60_000, later);
    expect(await world.deadlines()).toEqual([new Date(AT + 60_000)]);
    expect(await world.deadline.read('drill')).toEqual(later);
  });

  test('a deadline that is not armed carries nothing', async () => {
    expect(await world.deadline.read('drill')).toBeUndefined();
    await world.deadline.arm('drill', AT, EMERGENCY);
    await world.deadline.disarm('drill');
    expect(await world.deadline.read('drill')).toBeUndefined();
  });

  test('a deadline that is not armed can be disarmed, and again', async () => {
    await world.deadline.disarm('drill');
    await world.deadline.arm('drill', AT, EMERGENCY);
    await world.deadline.disarm('drill');
    await world.deadline.disarm('drill');
    expect(await world.deadlines()).toEqual([]);
  });

  test('deadlines of drills whose long ids begin alike are two', async () => {
    const long = 'd'.repeat(79);
    await world.deadline.arm(`${long}1`, AT, EMERGENCY);
    await world.deadline.arm(`${long}2`, AT, EMERGENCY);
    await world.deadline.disarm(`${long}1`);
    expect(await world.deadlines()).toHaveLength(1);
  });

  test('a witness that is started twice runs once', async () => {
    await world.witness.start('drill');
    await world.witness.start('drill');
    expect(await world.witnesses()).toEqual(['drill']);
  });

  test('witnesses of drills whose long ids begin alike are two', async () => {
    const long = 'd'.repeat(79);
    await world.witness.start(`${long}1`);
    await world.witness.start(`${long}2`);
    expect((await world.witnesses()).toSorted()).toEqual([`${long}1`, `${long}2`]);
  });

  test('an execution that is over, or never was, can be stopped', async () => {
    const execution = await world.startExecution();
    expect(await execution.isRunning()).toBe(true);
    await world.executions.stop(execution.arn, 'the deadline has passed');
    await world.executions.stop(execution.arn, 'once more');
    expect(await execution.isRunning()).toBe(false);
    await world.executions.stop(
      'arn:aws:states:us-east-1:000000000000:execution:drill:nobody',
      'it never was',
    );
  });
});
