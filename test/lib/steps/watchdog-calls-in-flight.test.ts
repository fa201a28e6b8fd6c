import { describe, expect, test } from 'vitest';
import { ACTING_TIMEOUT_MS } from '../../../lib/drill/limits.ts';
import type { Receipt } from '../../../lib/drill/seal.ts';
import { outage } from '../../fixtures/outage.ts';
import { drillAt } from '../../fixtures/rig.ts';

describe('a call in flight', () => {
  test('of the known-bad release that never lands: the drill is aborted', async () => {
    const rig = await drillAt('armed');
    rig.service.mishaps.set('deploy', { landsInMs: 10 * 60_000 });
    await expect(rig.steps.deployKnownBad()).rejects.toThrow();
    const called = rig.clock.now();
    expect(await rig.watchdog()).toMatchObject({ outcome: 'aborted' });
    expect(rig.clock.now() - called).toBeGreaterThanOrEqual(ACTING_TIMEOUT_MS);
  });

  test('that lands while it is waited out is undone', async () => {
    const rig = await drillAt('armed');
    rig.service.mishaps.set('deploy', { landsInMs: ACTING_TIMEOUT_MS - 1_000 });
    await expect(rig.steps.deployKnownBad()).rejects.toThrow();
    expect(await rig.watchdog()).toMatchObject({ kind: 'sealed', outcome: 'rescued' });
    expect(rig.service.effects[0]).toBe('deploy');
    expect(rig.service.serving()).toBe('v4');
    expect(((await rig.stores.receipts.find('drill-1')) as Receipt).marks.badDeployStarted).toMatchObject({
      source: 'api',
    });
  });

  test('of a retried deployment is waited out from the last execution on', async () => {
    const rig = await drillAt('armed');
    rig.service.mishaps.set('deploy', 'refused');
    await expect(rig.steps.deployKnownBad()).rejects.toThrow();
    await rig.clock.advance(14_000);
    rig.service.mishaps.set('deploy', { landsInMs: 10_000 });
    await expect(rig.steps.deployKnownBad({ retries: 1 })).rejects.toThrow();
    await rig.clock.advance(2_000);
    expect(await rig.watchdog()).toMatchObject({ outcome: 'rescued' });
    expect(rig.service.serving()).toBe('v4');
  });

  test('that lands after the target counted as restored voids that, and is undone', async () => {
    const rig = await drillAt('armed');
    rig.service.mishaps.set('deploy', { landsInMs: 14_000 });
    await expect(rig.steps.deployKnownBad()).rejects.toThrow();
    const died = { kind: 'fault', state: 'DeployKnownBad', error: 'Lambda.Unknown' } as const;
    await rig.steps.decideRollback(died);
    await rig.steps.rollBack({ kind: 'roll-back', reason: 'a fault' });
    await rig.steps.awaitRestored();
    await rig.watch(6_000);
    expect(rig.told('AwaitRestored')).toMatchObject({ kind: 'restored' });
    await rig.watchdog();
    expect(rig.service.effects[0]).toBe('deploy');
    expect(rig.service.serving()).toBe('v4');
    const [voided] = await rig.entries('restored-voided');
    expect(voided?.reason).toMatch(/^a call in flight took effect/);
  });

  test('of a rollback is not made again when it has landed', async () => {
    const rig = await drillAt('triggered');
    rig.service.mishaps.set('ecs-stop-deployment', { landsInMs: 5_000 });
    await expect(rig.steps.rollBack({ kind: 'roll-back', reason: 'a trigger' })).rejects.toThrow();
    expect(await rig.watchdog()).toMatchObject({ outcome: 'rescued' });
    expect(rig.service.effects).toEqual(['deploy', 'ecs-stop-deployment']);
  });

  test('of the known-bad release after which somebody else has deployed is left alone', async () => {
    const rig = await drillAt('armed');
    rig.service.mishaps.set('deploy', 'answer-lost');
    await expect(rig.steps.deployKnownBad()).rejects.toThrow();
    rig.service.overtake();
    expect(await rig.watchdog()).toMatchObject({ outcome: 'compromised' });
    expect(rig.service.effects).toEqual(['deploy']);
  });

  test('that never landed does not void a restoration', async () => {
    const rig = await drillAt('armed');
    rig.service.mishaps.set('deploy', { landsInMs: 10 * 60 * 60_000 });
    await expect(rig.steps.deployKnownBad()).rejects.toThrow();
    const died = { kind: 'fault', state: 'DeployKnownBad', error: 'Lambda.Unknown' } as const;
    await rig.steps.decideRollback(died);
    await rig.steps.rollBack({ kind: 'roll-back', reason: 'a fault' });
    await rig.steps.awaitRestored();
    await rig.watch(6_000);
    await rig.watchdog();
    expect(await rig.entries('restored-voided')).toEqual([]);
  });

  test('that lands in the watchdog’s own quiet period is undone', async () => {
    const rig = await drillAt('armed');
    rig.service.mishaps.set('deploy', { landsInMs: 2 * ACTING_TIMEOUT_MS });
    await expect(rig.steps.deployKnownBad()).rejects.toThrow();
    await rig.watchdog();
    expect(rig.service.effects[0]).toBe('deploy');
    expect(rig.service.serving()).toBe('v4');
  });

  test('of which nothing can be read is paged for', async () => {
    const { away, through } = outage();
    const rig = await drillAt('armed', { through });
    rig.service.mishaps.set('deploy', 'answer-lost');
    await expect(rig.steps.deployKnownBad()).rejects.toThrow();
    away.target = true;
    expect(await rig.watchdog()).toMatchObject({ outcome: 'not-restored' });
    expect(await rig.entries('paged')).toHaveLength(1);
  });
});
