import { describe, expect, test } from 'vitest';
import { LEASE_MS, RENEW_LEASE_EVERY_MS } from '../../../lib/drill/limits.ts';
import type { Ports } from '../../../lib/ports/ports.ts';
import { outage } from '../../fixtures/outage.ts';
import { planWith } from '../../fixtures/plan.ts';
import { drillAt } from '../../fixtures/rig.ts';
import { RESOURCE } from '../../fixtures/scripted-service.ts';

describe('in the steady state', () => {
  test('refuses a baseline that is red', async () => {
    const rig = await drillAt('locked');
    rig.service.breakDown(60_000);
    await rig.steps.checkGuardrails();
    await rig.watch(8_000);
    expect(rig.told('CheckGuardrails')).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('status 500'),
    });
    expect(await rig.entries('refused')).toMatchObject([{ by: 'guardrail' }]);
  });

  test('refuses when the known-bad release already answers', async () => {
    const rig = await drillAt('locked', {
      plan: planWith(["{ image: 'shop:v5' }", "{ image: 'shop:v5', release: v4 }"]),
    });
    await rig.steps.checkGuardrails();
    await rig.watch(8_000);
    expect(rig.told('CheckGuardrails')).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('already answers'),
    });
  });

  test('refuses when a person aborts', async () => {
    const rig = await drillAt('locked');
    await rig.steps.checkGuardrails();
    await rig.stores.journal.requestAbort('drill-1', { by: 'ana', reason: 'not today' });
    await rig.watch(3_000);
    expect(rig.told('CheckGuardrails')).toEqual({ kind: 'refused', reason: 'not today' });
  });
});

describe('while a trigger is awaited', () => {
  test('a page-only trigger pages and does not end the wait', async () => {
    const rig = await drillAt('deployed');
    await rig.steps.awaitTrigger();
    await rig.watch(4_500);
    expect(await rig.entries('trigger')).toMatchObject([{ won: false, trigger: { name: 'one-red' } }]);
    expect(rig.told('AwaitTrigger')).toBeUndefined();
    expect(rig.announced).toContainEqual(
      expect.objectContaining({ subject: 'PAGE: trigger one-red of drill drill-1' }),
    );
  });

  test('only the first trigger wins, the others are kept beside it', async () => {
    const rig = await drillAt('deployed');
    await rig.steps.awaitTrigger();
    await rig.watch(10_000);
    rig.service.rollBackItself();
    await rig.watch(10_000);
    const triggers = await rig.entries('trigger');
    expect(triggers.filter(({ won }) => won).map(({ trigger }) => trigger.name)).toEqual(['smoke-red']);
    expect(triggers.map(({ trigger }) => trigger.name)).toContain('deployment-failed');
  });

  test('what the events did not tell, the witness reads', async () => {
    const rig = await drillAt('deployed');
    await rig.steps.awaitTrigger();
    rig.service.rollBackItself();
    await rig.watch(5_000);
    expect(rig.told('AwaitTrigger')).toMatchObject({ reason: expect.stringContaining('deployment-failed') });
  });

  test('the mark is the first answer of the known-bad release, in the witness’s own time', async () => {
    const rig = await drillAt('deployed');
    const deployedAt = rig.clock.now();
    await rig.steps.awaitTrigger();
    await rig.watch(6_000);
    const serving = (await rig.entries('mark')).find(({ mark }) => mark === 'badServing');
    expect(Date.parse(serving?.at ?? '')).toBe(deployedAt + 3_000);
  });

  test('a person’s abort ends the wait', async () => {
    const rig = await drillAt('deployed');
    await rig.steps.awaitTrigger();
    await rig.stores.journal.requestAbort('drill-1', { by: 'ana', reason: 'it hurts' });
    await rig.watch(2_000);
    expect(rig.told('AwaitTrigger')).toEqual({ kind: 'aborted', reason: 'it hurts' });
  });

  test('a signal after the watchdog took over is not recorded, and the witness stops', async () => {
    const rig = await drillAt('deployed');
    await rig.steps.awaitTrigger();
    await rig.stores.locks.raiseFence([RESOURCE], 'drill-1', 60_000);
    expect(await rig.watch(30_000)).toEqual({ kind: 'over' });
    expect(rig.told('AwaitTrigger')).toBeUndefined();
    expect((await rig.entries('trigger')).filter(({ won }) => won)).toEqual([]);
    expect((await rig.stores.series.read('drill-1')).samples.length).toBeGreaterThan(0);
  });

  test('keeps the lease for as long as it is alive', async () => {
    const rig = await drillAt('deployed');
    await rig.watch(LEASE_MS);
    const attempt = await rig.stores.locks.acquire(RESOURCE, 'drill-2', 60_000);
    expect(attempt).toMatchObject({ kind: 'held', by: 'drill-1', hasExpired: false });
    const left = attempt.kind === 'held' ? Date.parse(attempt.until) - rig.clock.now() : 0;
    expect(left).toBeGreaterThan(LEASE_MS - 2 * RENEW_LEASE_EVERY_MS);
  });

  test('a renewal that fails does not end it', async () => {
    const { away, through } = outage();
    const rig = await drillAt('deployed', {
      through: (ports) => ({ ...ports, locks: through(ports).locks }),
    });
    away.table = true;
    expect(await rig.watch(2 * RENEW_LEASE_EVERY_MS)).toEqual({ kind: 'watching' });
  });

  test('tells that it is alive for as long as it is', async () => {
    const rig = await drillAt('deployed');
    await rig.steps.awaitTrigger();
    await rig.watch(2_500);
    const beats = rig.stores.tokens.heartbeats.length;
    await rig.clock.advance(60_000);
    expect(beats).toBeGreaterThan(0);
    expect(rig.stores.tokens.heartbeats).toHaveLength(beats);
  });
});

describe('while the target is restored', () => {
  test('green samples before the rollback prove nothing', async () => {
    const rig = await drillAt('validated');
    const at = new Date(rig.clock.now()).toISOString();
    await rig.append({ kind: 'restored-voided', key: 'voided', reason: 'seen', at });
    await rig.watch(8_000);
    await rig.steps.rollBack({ kind: 'bad-again', reason: 'seen' });
    const calledAt = rig.clock.now();
    await rig.steps.awaitRestored();
    await rig.watch(20_000);
    const [, again] = await rig.entries('restored');
    expect(Date.parse(again?.firstGreenAt ?? '')).toBeGreaterThanOrEqual(calledAt);
  });

  test('one red probe among the greens begins the run anew', async () => {
    const rig = await drillAt('rolling-back');
    await rig.steps.awaitRestored();
    await rig.watch(4_500);
    rig.service.breakDown(1_000);
    const brokeAt = rig.clock.now();
    await rig.watch(15_000);
    const [restored] = await rig.entries('restored');
    expect(Date.parse(restored?.firstGreenAt ?? '')).toBeGreaterThan(brokeAt);
  });

  test('greens do not restore what the control plane has not finished', async () => {
    const rig = await drillAt('triggered');
    rig.service.stuck.add('ecs-stop-deployment');
    await rig.steps.rollBack({ kind: 'roll-back', reason: 'a trigger' });
    await rig.steps.awaitRestored();
    await rig.watch(60_000);
    expect(rig.told('AwaitRestored')).toBeUndefined();
  });

  test('an illusion of recovery is told once for each rollback, and is why its path failed', async () => {
    const named = (ports: Ports): Ports => ({
      ...ports,
      probe: (plan) => async (signal) => ({ ...(await ports.probe(plan)(signal)), instance: 'i-7' }),
    });
    const rig = await drillAt('rolling-back', { through: named });
    rig.service.showBad(20_000);
    await rig.steps.awaitRestored();
    await rig.watch(15_000);
    expect(rig.told('AwaitRestored')).toBeUndefined();
    expect(await rig.entries('illusion')).toMatchObject([
      { round: 1, evidence: expect.stringMatching(/release v5-bad, task i-7$/) },
    ]);
    await rig.steps.rollBack({ kind: 'fault', state: 'AwaitRestored', error: 'States.Timeout' });
    const failed = (await rig.entries('path')).find(({ result }) => result === 'failed');
    expect(failed?.reason).toMatch(
      /^not restored in time: States.Timeout; the control plane was done at \S+, and yet: .* task i-7$/,
    );
    await rig.steps.awaitRestored();
    await rig.watch(30_000);
    expect(rig.told('AwaitRestored')).toMatchObject({ kind: 'restored' });
    const { samples } = await rig.stores.series.read('drill-1');
    expect(samples.filter(({ ok, instance }) => ok && instance !== undefined)).toEqual([]);
  });

  test('is read anew for each rollback: what was read before it is not taken for its effect', async () => {
    const rig = await drillAt('restored');
    const reading = rig.watch(30_000);
    await rig.clock.advance(5_000);
    rig.service.stuck.add('ecs-previous-task-definition');
    await rig.steps.rollBack({ kind: 'bad-again', reason: 'seen' });
    await rig.steps.awaitRestored();
    await reading;
    expect(rig.told('AwaitRestored')).toBeUndefined();
  });
});

describe('in the quiet period', () => {
  test('it ends early when the bad release is seen again, and the next path is taken', async () => {
    const rig = await drillAt('validated');
    await rig.steps.stabilise();
    await rig.watch(10_000);
    rig.service.showBad(2_000);
    await rig.watch(5_000);
    expect(rig.told('Stabilise')).toMatchObject({ kind: 'bad-again' });
    expect(await rig.entries('restored-voided')).toHaveLength(1);
    await rig.steps.rollBack(rig.told('Stabilise'));
    expect(rig.service.effects.at(-1)).toBe('ecs-previous-task-definition');
  });

  test('it ends when somebody deploys something else, which stands', async () => {
    const rig = await drillAt('validated');
    await rig.steps.stabilise();
    await rig.watch(3_000);
    rig.service.overtake();
    await rig.watch(15_000);
    expect(rig.told('Stabilise')).toMatchObject({ kind: 'overtaken' });
    expect(await rig.steps.sealReceipt(rig.told('Stabilise'))).toMatchObject({ outcome: 'compromised' });
    expect(rig.service.effects).toEqual(['deploy', 'ecs-stop-deployment']);
  });

  test('an abort does not end it while the bad release is back', async () => {
    const rig = await drillAt('validated');
    await rig.steps.stabilise();
    await rig.stores.journal.requestAbort('drill-1', { by: 'ana', reason: 'enough' });
    rig.service.showBad(5_000);
    await rig.watch(5_000);
    expect(rig.told('Stabilise')).toMatchObject({ kind: 'bad-again' });
  });

  test('an abort ends it otherwise', async () => {
    const rig = await drillAt('validated');
    await rig.steps.stabilise();
    await rig.stores.journal.requestAbort('drill-1', { by: 'ana', reason: 'enough' });
    await rig.watch(3_000);
    expect(rig.told('Stabilise')).toEqual({ kind: 'aborted', reason: 'enough' });
  });

  test('red smoke on the healthy release is not quiet', async () => {
    const rig = await drillAt('validated');
    await rig.steps.stabilise();
    rig.service.breakDown(2_000);
    await rig.watch(5_000);
    expect(rig.told('Stabilise')).toMatchObject({ kind: 'unstable' });
    expect(await rig.steps.sealReceipt(rig.told('Stabilise'))).toMatchObject({ outcome: 'failed' });
  });

  test('what led to the all-clear is in the series before it is told', async () => {
    const rig = await drillAt('validated');
    await rig.steps.stabilise();
    const watching = rig.watch(120_000);
    await rig.clock.advance(60_500);
    const { samples } = await rig.stores.series.read('drill-1');
    expect(rig.told('Stabilise')).toMatchObject({ kind: 'all-clear' });
    const [clear] = await rig.entries('all-clear');
    expect(samples.at(-1)?.at).toBe(Date.parse(clear?.at ?? ''));
    await rig.stores.journal.enter('drill-1', 'over');
    expect(await watching).toEqual({ kind: 'over' });
  });
});
