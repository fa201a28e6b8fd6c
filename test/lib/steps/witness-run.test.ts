import { describe, expect, test } from 'vitest';
import type { Plan } from '../../../lib/drill/plan/plan.ts';
import type { Ports } from '../../../lib/ports/ports.ts';
import { planWith } from '../../fixtures/plan.ts';
import { drillAt } from '../../fixtures/rig.ts';
import { validatedDrill } from '../../fixtures/validated-drill.ts';

describe('a run of the witness', () => {
  test('ends when its time is over, and the next one goes on where it was', async () => {
    const rig = await drillAt('deployed');
    await rig.steps.awaitTrigger();
    expect(await rig.watch(4_000)).toEqual({ kind: 'watching' });
    const { samples, next } = await rig.stores.series.read('drill-1');
    expect(await rig.watch(4_000)).toEqual({ kind: 'watching' });
    const after = await rig.stores.series.read('drill-1');
    expect(after.samples.slice(0, samples.length)).toEqual(samples);
    expect(after.next).toBe(next + 1);
  });

  test('does not count the probe that its own end has cut off', async () => {
    const rig = await drillAt('validated', { through: cutOff });
    await rig.steps.stabilise();
    await rig.watch(2_000);
    expect(
      (await rig.stores.series.read('drill-1')).samples.filter(({ ok }) => !ok).map(({ release }) => release),
    ).not.toContain(null);
  });

  test('stops when another witness writes the same series, and writes nothing more', async () => {
    const rig = await drillAt('deployed');
    const watching = rig.watch(60_000);
    await rig.clock.advance(5_000);
    const { next } = await rig.stores.series.read('drill-1');
    await rig.stores.series.write('drill-1', next, []);
    await expect(watching).rejects.toMatchObject({ name: 'SeriesTaken' });
    expect((await rig.stores.series.read('drill-1')).next).toBe(next + 1);
  });

  test('stores what it sees soon once the target is restored, if a validation waits for it', async () => {
    const { validation } = validatedDrill(
      'monitoring',
      'timeout: 60s, probes: { percentile: p50, floor: 100ms }',
      [],
      ['for: 5s', 'for: 20s'],
      ['minimumSamples: 3', 'minimumSamples: 10'],
    );
    const stored = async (validations: Plan['validations']) => {
      const rig = await drillAt('restored', { plan: { ...planWith(), validations } });
      const watching = rig.watch(30_000);
      await rig.clock.advance(5_500);
      const { samples } = await rig.stores.series.read('drill-1');
      const ageMs = rig.clock.now() - (samples.at(-1)?.at ?? 0);
      await rig.stores.journal.enter('drill-1', 'over');
      await rig.clock.advance(2_000);
      await watching;
      return ageMs;
    };
    expect(await stored([validation])).toBeLessThanOrEqual(3_000);
    expect(await stored([])).toBeGreaterThan(3_000);
  });

  test('reads the drill seldom in a long quiet period, and at once when it is quiet no more', async () => {
    const read = { times: 0 };
    const plan = { ...planWith(), stabiliseMs: 15 * 60_000 };
    const rig = await drillAt('validated', {
      plan,
      through: (ports) => ({
        ...ports,
        journal: {
          ...ports.journal,
          read: (drillId) => {
            read.times += 1;
            return ports.journal.read(drillId);
          },
        },
      }),
    });
    await rig.steps.stabilise();
    const watching = rig.watch(14 * 60_000);
    await rig.clock.advance(10_000);
    read.times = 0;
    await rig.clock.advance(120_000);
    expect(read.times).toBeLessThanOrEqual(120 / 5 + 1);
    rig.service.breakDown(60_000);
    await rig.clock.advance(2_000);
    read.times = 0;
    await rig.clock.advance(20_000);
    expect(read.times).toBeGreaterThan(10);
    await rig.stores.journal.enter('drill-1', 'over');
    await rig.clock.advance(2_000);
    expect(await watching).toEqual({ kind: 'over' });
  });

  test('that breaks keeps what it saw', async () => {
    const broken = { is: false };
    const rig = await drillAt('deployed', {
      through: (ports) => ({
        ...ports,
        target: (plan) => {
          const target = ports.target(plan);
          return {
            ...target,
            observe: async (context) =>
              broken.is ? Promise.reject(new Error('throttled')) : target.observe(context),
          };
        },
      }),
    });
    const watching = rig.watch(60_000).catch((error: Error) => error.message);
    await rig.clock.advance(5_000);
    broken.is = true;
    expect(await watching).toBe('throttled');
    const { samples } = await rig.stores.series.read('drill-1');
    expect(rig.clock.now() - (samples.at(-1)?.at ?? 0)).toBeLessThanOrEqual(1_000);
  });
});

/** A probe that hangs until it is told to stop, and is red then, as the real one is. */
const cutOff = (ports: Ports): Ports => ({
  ...ports,
  probe: (plan) => {
    const probe = ports.probe(plan);
    return async (signal) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      signal.addEventListener('abort', () => resolve());
      await Promise.race([promise, ports.clock.sleep(1_500)]);
      const sample = await probe(signal);
      return signal.aborted ? { ...sample, ok: false, release: null } : sample;
    };
  },
});
