import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deployedPlans } from '../../lib/adapters/plans.ts';
import { digestOf } from '../../lib/drill/digest.ts';
import { placePlan } from '../../lib/infra/bundle.ts';
import { deployablePlans } from '../../lib/infra/plans.ts';
import { COMPLETE_PLANS } from './complete-plans.ts';
import { planText, reference, THROUGH_PIPELINE } from './plan.ts';

let directory = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'drill-plans-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('the plans that are deployed', () => {
  test('a plan of the sandbox is never deployed', async () => {
    write('sandbox.yaml', planText({ environment: 'sandbox' }));
    expect(await deployablePlans(directory, {})).toEqual([]);
  });

  test('the plans of the repository leave nothing to deploy, and can be read without any environment', async () => {
    expect(await deployablePlans(new URL('../../plans', import.meta.url).pathname, {})).toEqual([]);
  });

  test('one wrong plan stops everything, and every error is told with its file', async () => {
    write('good.yaml', planText());
    write('wrong.yaml', planText({ name: 'other', tier: 'golden', owner: 7 }));
    const error = await deployablePlans(directory, {}).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ name: 'PlansNotDeployable' });
    expect(String(error)).toMatch(/wrong\.yaml: owner .*\n.*wrong\.yaml: tier /);
  });

  test('a pipeline whose service the plan does not tell is refused before anything is deployed, with the remedy', async () => {
    const target = { codepipeline: { pipeline: 'shop', stage: 'Deploy' } };
    write('pipeline.yaml', planText({ ...THROUGH_PIPELINE, target }));
    await expect(deployablePlans(directory, {})).rejects.toThrow(
      'plan pipe does not say which service its pipeline deploys to, so that nothing there can be granted; add target.codepipeline.ecs: { cluster, service }',
    );
  });

  test('a pipeline in the sandbox may be left to find its service', async () => {
    const target = { codepipeline: { pipeline: 'shop', stage: 'Deploy' } };
    write('pipeline.yaml', planText({ ...THROUGH_PIPELINE, target, environment: 'sandbox' }));
    expect(await deployablePlans(directory, {})).toEqual([]);
  });

  test('a pipeline is deployed with its service', async () => {
    write('pipeline.yaml', planText(THROUGH_PIPELINE));
    expect(await deployablePlans(directory, {})).toMatchObject([
      { name: 'pipe', target: { kind: 'codepipeline', ecs: { cluster: 'demo', service: 'shop' } } },
    ]);
  });

  test('have the same digest when they are loaded as when they were deployed', async () => {
    for (const plan of COMPLETE_PLANS) {
      await placePlan(directory, plan);
      const loaded = await deployedPlans(join(directory, 'load-plan/plans')).load(plan.name);
      expect(digestOf(loaded)).toBe(digestOf(plan));
    }
  });

  test('two plans of one name are refused', async () => {
    write('a.yaml', planText());
    write('b.yml', planText());
    await expect(deployablePlans(directory, {})).rejects.toThrow('two plans have the name shop');
  });

  test('files that are no plans are passed over, and the environment is read', async () => {
    write('plan.schema.json', '{');
    write('shop.yaml', planText({ owner: reference('TEAM') }));
    expect(await deployablePlans(directory, { TEAM: 'checkout' })).toMatchObject([
      { name: 'shop', owner: 'checkout' },
    ]);
  });
});

function write(name: string, text: string): void {
  writeFileSync(join(directory, name), text);
}
