import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LockAttempt } from '../../lib/ports.ts';
import { nameOf, newTarget } from './drills.ts';
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

  test('do not hand out a lease that has not run out, and do hand out one that has', async () => {
    const resource = newTarget();
    await world.locks.acquire(resource, 'first', LEASE_MS);
    world.clock.aheadMs += LEASE_MS - 1_000;
    expect((await world.locks.acquire(resource, 'second', LEASE_MS)).kind).toBe('held');
    world.clock.aheadMs += 10_000;
    expect(await world.locks.acquire(resource, 'second', LEASE_MS)).toEqual({ kind: 'locked', fence: 2 });
    expect(await world.locks.holder(resource)).toBe('second');
  });

  test('never give a fence twice, not after a release and not after a lease ran out', async () => {
    const resource = newTarget();
    const fences = [fenceOf(await world.locks.acquire(resource, 'a', LEASE_MS))];
    fences.push(await world.locks.raiseFence(resource, 'a', LEASE_MS));
    await world.locks.release(resource, 'a');
    fences.push(fenceOf(await world.locks.acquire(resource, 'b', LEASE_MS)));
    world.clock.aheadMs += LEASE_MS + 10_000;
    fences.push(fenceOf(await world.locks.acquire(resource, 'c', LEASE_MS)));
    await world.locks.release(resource, 'c');
    fences.push(fenceOf(await world.locks.acquire(resource, 'a', LEASE_MS)));
    expect(fences).toEqual([1, 2, 3, 4, 5]);
  });

  test('give a drill that asks again what it has, without another fence', async () => {
    const resource = newTarget();
    await world.locks.acquire(resource, 'a', LEASE_MS);
    expect(await world.locks.acquire(resource, 'a', LEASE_MS)).toEqual({ kind: 'locked', fence: 1 });
    await world.locks.raiseFence(resource, 'a', LEASE_MS);
    expect(await world.locks.acquire(resource, 'a', LEASE_MS)).toEqual({ kind: 'locked', fence: 2 });
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
    expect(await nameOf(world.locks.raiseFence(resource, 'a', LEASE_MS))).toBe('FenceRaised');
    await world.locks.acquire(resource, 'a', LEASE_MS);
    expect(await nameOf(world.locks.raiseFence(resource, 'b', LEASE_MS))).toBe('FenceRaised');
    expect(await world.locks.raiseFence(resource, 'a', LEASE_MS)).toBe(2);
  });

  test('give each of many that take over at once its own fence, and a new lease', async () => {
    const resource = newTarget();
    await world.locks.acquire(resource, 'a', 1_000);
    const fences = await Promise.all(
      Array.from({ length: 5 }, () => world.locks.raiseFence(resource, 'a', LEASE_MS)),
    );
    expect(fences.toSorted()).toEqual([2, 3, 4, 5, 6]);
    world.clock.aheadMs += 30_000;
    expect((await world.locks.acquire(resource, 'b', LEASE_MS)).kind).toBe('held');
  });

  test('of two resources do not know each other', async () => {
    const [one, other] = [newTarget(), newTarget()];
    await world.locks.acquire(one, 'a', LEASE_MS);
    expect((await world.locks.acquire(other, 'b', LEASE_MS)).kind).toBe('locked');
  });
});

function fenceOf(attempt: LockAttempt): number {
  return attempt.kind === 'locked' ? attempt.fence : 0;
}
