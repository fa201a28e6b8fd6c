import { expect, test } from 'vitest';
import type { CapturedPipeline } from '../../../lib/drill/entry.ts';
import type { Ports } from '../../../lib/ports/ports.ts';
import { planThroughPipeline } from '../../fixtures/plan.ts';
import { drillAt } from '../../fixtures/rig.ts';

const REFUSAL = { name: 'no-deployment-under-way', verdict: 'refused', reason: '2 deployments > 1' } as const;

test('starts no witness and captures nothing when a guardrail refuses; every check is on record', async () => {
  const rig = await drillAt('locked');
  rig.service.refusals.push(REFUSAL);
  await rig.steps.checkGuardrails();
  expect(rig.told('CheckGuardrails')).toEqual({
    kind: 'refused',
    reason: 'no-deployment-under-way: 2 deployments > 1',
  });
  expect([...rig.stores.witnesses]).toEqual([]);
  expect(await rig.entries('captured')).toEqual([]);
  const refused = (await rig.entries('guardrail')).filter(({ verdict }) => verdict === 'refused');
  expect(refused.map(({ name }) => name)).toEqual(['no-deployment-under-way']);
});

test('does not end the wait itself when all is well: the witness does, once it has measured', async () => {
  const rig = await drillAt('locked');
  await rig.steps.checkGuardrails();
  expect(rig.told('CheckGuardrails')).toBeUndefined();
  await rig.watch(8_000);
  expect(rig.told('CheckGuardrails')).toMatchObject({ kind: 'steady' });
});

test('keeps the first capture when it runs again', async () => {
  const rig = await drillAt('locked');
  await rig.steps.checkGuardrails();
  await rig.steps.checkGuardrails({ retries: 1 });
  expect(await rig.entries('captured')).toHaveLength(1);
  expect([...rig.stores.witnesses]).toEqual(['drill-1']);
});

test('does nothing more after the watchdog has taken the drill over', async () => {
  const rig = await drillAt('locked');
  await rig.stores.locks.raiseFence(['ecs:demo/shop'], 'drill-1', 60_000);
  await expect(rig.steps.checkGuardrails()).rejects.toMatchObject({ name: 'FenceRaised' });
  expect([...rig.stores.witnesses]).toEqual([]);
});

test('refuses a service behind the pipeline that the drill does not hold: it may be another drill’s', async () => {
  const rig = await drillAt('locked', { plan: planThroughPipeline(), through: deployingTo('search') });
  await rig.steps.checkGuardrails();
  expect(rig.told('CheckGuardrails')).toEqual({
    kind: 'refused',
    reason: expect.stringMatching(
      /^service-behind-pipeline: the pipeline deploys to ecs:demo\/search, the drill holds ecs:demo\/shop 1; it must hold that one: .*start again$/,
    ),
  });
  expect([...rig.stores.witnesses]).toEqual([]);
});

test('goes on with the service behind the pipeline that it holds', async () => {
  const rig = await drillAt('locked', { plan: planThroughPipeline(), through: deployingTo('shop') });
  await rig.steps.checkGuardrails();
  expect(await rig.entries('captured')).toMatchObject([{ pipeline: { version: 3 } }]);
});

/** The target as it is captured of a pipeline that deploys to this service. */
function deployingTo(service: string): (ports: Ports) => Ports {
  const pipeline: CapturedPipeline = {
    version: 3,
    service: { cluster: 'demo', service },
    serviceRevision: 'rev-4',
    revisionTypes: {},
    newestExecution: 'execution-7',
    transitions: [],
  };
  return (ports) => ({
    ...ports,
    target: (plan) => {
      const target = ports.target(plan);
      return {
        ...target,
        async capture(knownBad, paths) {
          const found = await target.capture(knownBad, paths);
          return { ...found, captured: found.captured && { ...found.captured, pipeline } };
        },
      };
    },
  });
}
