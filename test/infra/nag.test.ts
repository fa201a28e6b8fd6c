import { App, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import {
  acknowledgeFindings,
  KEPT_FINDINGS,
  KEPT_WILDCARDS,
  ON_EVERYTHING,
} from '../../lib/infra/acknowledgements.ts';
import { COMPLETE_PLANS } from './complete-plans.ts';
import { actionsOf, flat, statementsOf, templateOf, withStack } from './fixture.ts';
import { plan } from './plan.ts';

const MANY_PLANS = Array.from({ length: 25 }, (_, index) => {
  const service = `service-with-a-long-name-${index}`;
  return plan({ name: service, target: { ecs: { cluster: 'main', service } } });
});
const PACKS = { AwsSolutionsChecks, ServerlessChecks };
const allowed = Object.values(statementsOf(templateOf(COMPLETE_PLANS)))
  .flat()
  .filter(({ Effect }) => Effect === 'Allow');
const resources = allowed.flatMap(({ Resource }) => [Resource].flat().map(flat));

describe.each(Object.entries(PACKS))('the rules of %s', (_, Checks) => {
  test.each([
    ['no plan', []],
    ['plans that ask for everything', COMPLETE_PLANS],
    ['as many services as there is room for', MANY_PLANS],
  ])('find nothing in a stack with %s that has no reason', (_, plans) => {
    const found = withStack(plans, ({ node }) => {
      const app = node.root as App;
      return new Checks(app).validateScope(app).violations;
    });
    expect(
      found.map(({ ruleName, violatingResources: [first] }) => [ruleName, first?.constructPath]),
    ).toEqual([]);
  });
});

describe('reasons', () => {
  test('none is left over that gives a permission on everything to an action that nobody has', () => {
    const onEverything = allowed.filter(({ Resource }) => [Resource].flat().includes('*')).flatMap(actionsOf);
    expect([...new Set(onEverything)].toSorted()).toEqual(Object.keys(ON_EVERYTHING).toSorted());
  });

  test('none is left over for a resource that nobody has', () => {
    const found = resources.map((resource) => resource.replaceAll('${', '<').replaceAll('}', '>'));
    const idle = KEPT_WILDCARDS.filter(([kept]) => !found.some((resource) => kept.test(resource)));
    expect(idle.map(([, reason]) => reason)).toEqual([]);
  });

  test('none hides what is not ours', () => {
    const app = new App();
    const stack = new Stack(app, 'Team');
    new Bucket(stack, 'Open');
    acknowledgeFindings(new Stack(app, 'Drills'));
    const { violations } = new AwsSolutionsChecks(app).validateScope(app);
    expect(violations.map(({ ruleName }) => ruleName)).toContain('AwsSolutions-S1');
    expect(Object.keys(KEPT_FINDINGS)).toContain('AwsSolutions-S1');
  });
});
