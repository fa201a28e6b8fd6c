import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HeldLock } from '../../lib/ports/locks.ts';
import { nameOf, newTarget, observerOf } from './drills.ts';
import type { World } from './world.ts';
import { WORLDS } from './worlds.ts';

const LEASE_MS = 60_000;

describe.each(WORLDS)('locks (%s)', (_, start) => {
  let world: World;
  beforeAll(async () => {
    world = await start();
  });
  afterAll(() => world.close());

  test('refuse a resource that is held, and say by whom, since when and until when', async () => {
    const resource = newTarget();
    const before = world.clock.now();
    await world.locks.acquire(resource, 'first', LEASE_MS);
    const attempt = await world.locks.acquire(resource, 'second', LEASE_MS);
    expect(attempt).toMatchObject({ kind: 'held', by: 'first' });
    if (attempt.kind === 'held') {
      expect(Date.parse(attempt.since)).toBeGreaterThanOrEqual(before);
      expect(Date.parse(attempt.until) - Date.parse(attempt.since)).toBe(LEASE_MS);
    }
    expect(await world.locks.holder(resource)).toBe('first');
  });

  test('let one of many win', async () => {
    const resource = newTarget();
    const attempts = await Promise.all(
      Array.from({ length: 8 }, (_, index) => world.locks.acquire(resource, `drill-${index}`, LEASE_MS)),
    );
    const winners = attempts.filter(({ kind }) => kind === 'locked');
    expect(winners).toEqual([{ kind: 'locked', fence: 1 }]);
    const winner = await world.locks.holder(resource);
    expect(new Set(attempts.flatMap((attempt) => (attempt.kind === 'held' ? [attempt.by] : [])))).toEqual(
      new Set([winner]),
    );
  });

  test('do not hand out a lease that has run out, but say that it has', async () => {
    const resource = newTarget();
    await world.locks.acquire(resource, 'first', LEASE_MS);
    world.clock.aheadMs += LEASE_MS - 1_000;
    expect(await world.locks.acquire(resource, 'second', LEASE_MS)).toMatchObject({
      kind: 'held',
      hasExpired: false,
    });
    world.clock.aheadMs += 10_000;
    expect(await world.locks.acquire(resource, 'second', LEASE_MS)).toMatchObject({
      kind: 'held',
      by: 'first',
      fence: 1,
      hasExpired: true,
    });
    expect(await world.locks.holder(resource)).toBe('first');
  });

  test('are not taken from a drill that has renewed its lease since it was seen', async () => {
    const resource = newTarget();
    const { opened } = await observerOf(world.journal, resource);
    await world.locks.acquire(resource, opened.drillId, LEASE_MS);
    const seen = await heldBy(resource);
    world.clock.aheadMs += LEASE_MS + 10_000;
    await world.locks.renew({ opened, fence: { [resource]: 1 } }, LEASE_MS);
    expect(await world.locks.takeOver(resource, seen, 'second', LEASE_MS)).toMatchObject({
      kind: 'held',
      by: opened.drillId,
      hasExpired: false,
    });
  });

  test('are taken over by one of many that saw the same, with a higher fence', async () => {
    const resource = newTarget();
    await world.locks.acquire(resource, 'first', LEASE_MS);
    const seen = await heldBy(resource);
    const attempts = await Promise.all(
      ['a', 'b', 'c', 'd'].map((drill) => world.locks.takeOver(resource, seen, drill, LEASE_MS)),
    );
    expect(attempts.filter(({ kind }) => kind === 'locked')).toEqual([{ kind: 'locked', fence: 2 }]);
    expect(await world.locks.holder(resource)).not.toBe('first');
  });

  test('never give a fence twice, not after a release and not after a takeover', async () => {
    const resource = newTarget();
    const fences = [(await world.locks.acquire(resource, 'a', LEASE_MS)).fence];
    fences.push(await raised(resource, 'a'));
    await world.locks.release(resource, 'a');
    fences.push((await world.locks.acquire(resource, 'b', LEASE_MS)).fence);
    fences.push((await world.locks.takeOver(resource, await heldBy(resource), 'c', LEASE_MS)).fence);
    await world.locks.release(resource, 'c');
    fences.push((await world.locks.acquire(resource, 'a', LEASE_MS)).fence);
    expect(fences).toEqual([1, 2, 3, 4, 5]);
  });

  test('give a drill that asks again what it has, without another fence', async () => {
    const resource = newTarget();
    await world.locks.acquire(resource, 'a', LEASE_MS);
    expect(await world.locks.acquire(resource, 'a', LEASE_MS)).toEqual({ kind: 'locked', fence: 1 });
    await raised(resource, 'a');
    expect(await world.locks.acquire(resource, 'a', LEASE_MS)).toEqual({ kind: 'locked', fence: 2 });
  });

  test('are renewed for whoever holds all of them with the highest fence, and for nobody else', async () => {
    const [one, other] = [newTarget(), newTarget()];
    const { opened } = await observerOf(world.journal);
    const { drillId } = opened;
    await world.locks.acquire(one, drillId, 1_000);
    await world.locks.acquire(other, drillId, 1_000);
    const fence = await world.locks.raiseFence([one, other], drillId, 1_000);
    const late = world.locks.renew({ opened, fence: { [one]: 2, [other]: 1 } }, LEASE_MS);
    expect(await nameOf(late)).toBe('FenceRaised');
    await world.locks.renew({ opened, fence }, LEASE_MS);
    world.clock.aheadMs += 30_000;
    for (const resource of [one, other]) expect((await heldBy(resource)).hasExpired).toBe(false);
  });

  test('are released by their holder only, and releasing again is fine', async () => {
    const resource = newTarget();
    await world.locks.release(resource, 'nobody');
    await world.locks.acquire(resource, 'a', LEASE_MS);
    await world.locks.release(resource, 'b');
    expect(await world.locks.holder(resource)).toBe('a');
    await world.locks.release(resource, 'a');
    await world.locks.release(resource, 'a');
    expect(await world.locks.holder(resource)).toBeUndefined();
  });

  test('are taken over within the drill that holds them only', async () => {
    const resource = newTarget();
    expect(await nameOf(world.locks.raiseFence([resource], 'a', LEASE_MS))).toBe('FenceRaised');
    await world.locks.acquire(resource, 'a', LEASE_MS);
    expect(await nameOf(world.locks.raiseFence([resource], 'b', LEASE_MS))).toBe('FenceRaised');
    expect(await world.locks.raiseFence([resource], 'a', LEASE_MS)).toEqual({ [resource]: 2 });
  });

  test('are raised all or none', async () => {
    const [mine, foreign] = [newTarget(), newTarget()];
    await world.locks.acquire(mine, 'a', LEASE_MS);
    await world.locks.acquire(foreign, 'b', LEASE_MS);
    expect(await nameOf(world.locks.raiseFence([mine, foreign], 'a', LEASE_MS))).toBe('FenceRaised');
    expect((await heldBy(mine)).fence).toBe(1);
  });

  test('give each of many that take over at once its own fence, and a new lease', async () => {
    const resource = newTarget();
    await world.locks.acquire(resource, 'a', 1_000);
    const fences = await Promise.all(Array.from({ length: 5 }, () => raised(resource, 'a')));
    expect(fences.toSorted()).toEqual([2, 3, 4, 5, 6]);
    world.clock.aheadMs += 30_000;
    expect((await heldBy(resource)).hasExpired).toBe(false);
  });

  test('of two resources do not know each other', async () => {
    const [one, other] = [newTarget(), newTarget()];
    await world.locks.acquire(one, 'a', LEASE_MS);
    expect((await world.locks.acquire(other, 'b', LEASE_MS)).kind).toBe('locked');
  });

  async function heldBy(resource: string): Promise<HeldLock> {
    const attempt = await world.locks.acquire(resource, 'somebody else', LEASE_MS);
    if (attempt.kind === 'locked') throw new Error(`${resource} was free`);
    return attempt;
  }

  async function raised(resource: string, drillId: string): Promise<number> {
    return (await world.locks.raiseFence([resource], drillId, LEASE_MS))[resource] ?? 0;
  }
});
